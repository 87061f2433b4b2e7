import { X509Certificate } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { AuthServiceClient, authService } from '@daybook/protos/packages';
import { callUnary, createGrpcClient } from '@daybook/runtime/grpc-client';
import { startGrpcServer, unary } from '@daybook/runtime/grpc-server';
import { Lifecycle } from '@daybook/runtime/lifecycle';
import { createLogger } from '@daybook/runtime/logger';
import { readTransportFiles } from '@daybook/runtime/transport-security';
import type { TransportFiles } from '@daybook/runtime/transport-security';
import { isStillGood, makeAuthority, makeLeaf } from './certificates.ts';
import type { KeyPair } from './certificates.ts';

const now = new Date();
const years = (count: number): Date => new Date(now.getTime() + count * 365 * 86_400_000);
const authority = makeAuthority('Ours', now);
const stranger = makeAuthority('A stranger', now);
const directory = mkdtempSync(join(tmpdir(), 'certificates-'));
afterAll(() => rmSync(directory, { recursive: true }));

test('a leaf is what it says: its names, its issuer, its years', () => {
  const leaf = new X509Certificate(makeLeaf(authority, ['auth.daybook.svc', '127.0.0.1'], now).certificate);
  expect(leaf.subjectAltName).toBe('DNS:auth.daybook.svc, IP Address:127.0.0.1');
  expect(leaf.checkIssued(new X509Certificate(authority.certificate))).toBe(true);
  expect(leaf.verify(new X509Certificate(authority.certificate).publicKey)).toBe(true);
  expect(leaf.ca).toBe(false);
  expect(new X509Certificate(authority.certificate).ca).toBe(true);
  expect(Math.round((leaf.validToDate.getTime() - now.getTime()) / 86_400_000)).toBe(1095);
});

test('a leaf is kept while it serves and renewed in time, for other names, and under another authority', () => {
  const leaf = makeLeaf(authority, ['auth.daybook.svc'], now).certificate;
  const good = (names: string[], at: Date, by: KeyPair = authority): boolean =>
    isStillGood(leaf, by.certificate, names, at);
  expect(good(['auth.daybook.svc'], now)).toBe(true);
  expect(good(['auth.daybook.svc'], years(1.1))).toBe(false);
  expect(good(['auth.daybook.svc', 'auth.other.svc'], now)).toBe(false);
  expect(good(['auth.daybook.svc'], now, stranger)).toBe(false);
});

test('dates beyond 2049 are written in the longer form', () => {
  const late = makeAuthority('Late', new Date('2055-06-01T00:00:00Z'));
  expect(new X509Certificate(late.certificate).validToDate.getUTCFullYear()).toBe(2065);
});

describe('between two processes', () => {
  const lifecycle = new Lifecycle();
  let port = 0;

  function writeFiles(name: string, leaf: KeyPair, trusted: KeyPair): TransportFiles {
    const file = (kind: string, text: string): string => {
      writeFileSync(join(directory, `${name}.${kind}`), text);
      return join(directory, `${name}.${kind}`);
    };
    return {
      certFile: file('crt', leaf.certificate),
      keyFile: file('key', leaf.key),
      caFile: file('ca', trusted.certificate),
    };
  }

  async function ask(address: string, tls: TransportFiles | null): Promise<string> {
    const client = createGrpcClient({ constructor: AuthServiceClient, address: `${address}:${port}`, tls });
    try {
      const answer = await callUnary(client, 'listSigningKeys', {}, { deadlineMs: 3000 });
      return answer.keys.map(({ kid }) => kid).join();
    } catch (error) {
      return `refused: ${(error as { code?: string }).code}`;
    } finally {
      client.close();
    }
  }

  beforeAll(async () => {
    const tls = writeFiles('server', makeLeaf(authority, ['localhost'], now), authority);
    const implementation = { ListSigningKeys: unary(async () => ({ keys: [{ kid: 'k1', publicKeyPem: '' }] })) };
    const server = await startGrpcServer({
      ...{ host: '127.0.0.1', port: 0, logger: createLogger('test', 'silent'), lifecycle, tls },
      services: [{ definition: authService, implementation: implementation }],
    });
    ({ port } = server);
  });
  afterAll(() => lifecycle.shutdown());

  test('one with a certificate of ours is heard', async () => {
    expect(await ask('localhost', writeFiles('client', makeLeaf(authority, ['gateway'], now), authority))).toBe('k1');
  });

  test.each([
    ['plain text', 'localhost', () => null],
    [
      'a certificate of another authority',
      'localhost',
      () => writeFiles('a', makeLeaf(stranger, ['x'], now), authority),
    ],
    ['a server it does not trust', 'localhost', () => writeFiles('b', makeLeaf(authority, ['x'], now), stranger)],
    ['a name the server has not', '127.0.0.1', () => writeFiles('c', makeLeaf(authority, ['x'], now), authority)],
  ])('%s is refused', async (_case, address, files) => {
    expect(await ask(address, files())).toMatch(/^refused: UPSTREAM_/);
  });
});

test('some of the three files is no configuration', () => {
  expect(() => readTransportFiles({ TLS_CERT_FILE: 'x' })).toThrow('come together or not at all');
  expect(readTransportFiles({})).toBeUndefined();
});
