import { connect } from 'node:tls';

const connectDeadlineMs = 5000;

/**
 * When the certificate that a server shows to browsers ends. An invalid one is read as well: that it ended is what one
 * wants to know. @throws Error when no TLS connection comes about in time
 */
export function readServedCertificate(url: URL): Promise<Date> {
  return new Promise((resolve, reject) => {
    const socket = connect({
      host: url.hostname,
      port: Number(url.port || 443),
      servername: url.hostname,
      rejectUnauthorized: false,
      timeout: connectDeadlineMs,
    });
    socket.once('secureConnect', () => {
      const end = new Date(socket.getPeerCertificate().valid_to);
      socket.destroy();
      if (Number.isNaN(end.getTime())) reject(new Error('the certificate names no end'));
      else resolve(end);
    });
    socket.once('timeout', () => socket.destroy(new Error('no TLS connection in time')));
    socket.once('error', reject);
  });
}
