import { X509Certificate } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { gauge } from './metrics.ts';

/** When a certificate ends; undefined while that is not known. */
export type CertificateEnd = () => Promise<Date | undefined>;

const watched = new Map<string, CertificateEnd>();

gauge({
  name: 'daybook_certificate_expiry_timestamp_seconds',
  help: 'When a certificate ends: public is what browsers see, internal is what the processes show to each other',
  labels: ['name'],
  async collect(self) {
    self.reset();
    for (const [name, read] of watched) {
      const end = await read();
      if (end) self.set({ name }, end.getTime() / 1000);
    }
  },
});

/** Shows when a certificate ends in the metrics, asked at each scrape, until the returned function is called. */
export function watchCertificate(name: string, read: CertificateEnd): () => void {
  watched.set(name, read);
  return () => void watched.delete(name);
}

/** When the first certificate of a PEM file ends. @throws when the file cannot be read or holds none */
export async function readCertificateFile(file: string): Promise<Date> {
  return new X509Certificate(await readFile(file)).validToDate;
}
