import { createServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import { connect } from 'node:tls';
import { makeAuthority, makeLeaf } from '@daybook/provision/certificates';
import { explainNetworkFault } from './network-words.ts';

/** What TLS itself says of a server's certificate when its authority is known. */
async function faultOf(name: string, madeAt: Date): Promise<unknown> {
  const authority = makeAuthority('A known authority', madeAt.getTime() < Date.now() ? madeAt : new Date());
  const leaf = makeLeaf(authority, [name], madeAt);
  const server = createServer({ cert: leaf.certificate, key: leaf.key });
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  const { port } = server.address() as AddressInfo;
  const error = await new Promise<unknown>((done) => {
    const socket = connect({ host: '127.0.0.1', port, servername: 'cal.test', ca: authority.certificate }, () => {
      socket.destroy();
      done(undefined);
    });
    socket.once('error', done);
  });
  await new Promise((done) => server.close(done));
  return error;
}

const years = (count: number): Date => new Date(Date.now() + count * 365 * 86_400_000);

test('a good certificate is no fault', async () => {
  expect(await faultOf('cal.test', new Date())).toBeUndefined();
});

test.each([
  ['expired', 'cal.test', years(-4), 'has expired'],
  ['of tomorrow', 'cal.test', years(1), 'not valid yet'],
  ['for another name', 'other.test', new Date(), 'for another name'],
])('a certificate %s is named as such', async (_what, name, madeAt, words) => {
  expect(explainNetworkFault(await faultOf(name, madeAt))).toEqual({
    step: 'tls',
    words: expect.stringContaining(words) as string,
    notAllowed: false,
  });
});
