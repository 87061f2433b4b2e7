import { connect } from 'node:tls';
import { watchCertificate } from '@daybook/runtime/certificate-metrics';
import type { Lifecycle } from '@daybook/runtime/lifecycle';

const checkEveryMs = 60 * 60_000;
const connectDeadlineMs = 5000;

/**
 * When the certificate that a server shows to browsers ends. An invalid one is read as well: that it ended is what one
 * wants to know. @throws Error when no TLS connection comes about in time
 */
export function readCertificateEnd(url: URL): Promise<Date> {
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

/**
 * Measures each hour when the certificate of the public address ends, if that is https. Where the gateway cannot reach its
 * own public address the metric is absent.
 */
export function watchPublicCertificate(publicUrl: string, lifecycle: Lifecycle): void {
  const url = new URL(publicUrl);
  if (url.protocol !== 'https:') return;
  let end: Date | undefined;
  const check = (): void => {
    readCertificateEnd(url).then(
      (found) => (end = found),
      () => (end = undefined),
    );
  };
  check();
  const timer = setInterval(check, checkEveryMs);
  timer.unref();
  const unwatch = watchCertificate('public', async () => end);
  lifecycle.onShutdown('work', 'public certificate', async () => {
    unwatch();
    clearInterval(timer);
  });
}
