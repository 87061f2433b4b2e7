import { createServer, type Server } from 'node:tls';
import type { AddressInfo } from 'node:net';
import { makeAuthority, makeLeaf } from '@daybook/provision/certificates';
import { X509Certificate } from 'node:crypto';
import { Lifecycle } from '@daybook/runtime/lifecycle';
import { registry } from '@daybook/runtime/metrics';
import { readServedCertificate } from '@daybook/runtime/served-certificate';
import { until } from '@daybook/runtime/testing';
import { watchPublicCertificate } from './public-certificate.ts';

let server: Server;
const leaf = makeLeaf(makeAuthority('Test', new Date()), ['localhost'], new Date());

beforeAll(async () => {
  server = createServer({ cert: leaf.certificate, key: leaf.key }, (socket) => socket.end());
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
});
afterAll(() => new Promise((resolve) => server.close(resolve)));

const address = () => `https://localhost:${(server.address() as AddressInfo).port}`;

test('the end is read from the certificate a browser would be shown, whoever signed it', async () => {
  const end = await readServedCertificate(new URL(address()));
  expect(end).toEqual(new X509Certificate(leaf.certificate).validToDate);
});

test('the metric tells it; a plain address has none', async () => {
  const lifecycle = new Lifecycle();
  const line = async () =>
    /^daybook_certificate_expiry_timestamp_seconds\{name="public"\} (\d+)$/m.exec(await registry.metrics())?.[1];
  watchPublicCertificate('http://localhost:1', lifecycle);
  expect(await line()).toBeUndefined();
  watchPublicCertificate(address(), lifecycle);
  const value = await until(line, { timeoutMs: 5000, what: 'the metric' });
  expect(Number(value)).toBe(new X509Certificate(leaf.certificate).validToDate.getTime() / 1000);
  await lifecycle.shutdown();
  expect(await line()).toBeUndefined();
});

test('nobody there is an error, not a date', async () => {
  await expect(readServedCertificate(new URL('https://localhost:1'))).rejects.toThrow();
});
