import { createHmac, generateKeyPairSync } from 'node:crypto';
import jwt from 'jsonwebtoken';
import { createTokenVerifier, signAccessToken } from './tokens.ts';
import type { TokenVerifierOptions } from './tokens.ts';

function makeKey(kid: string): { kid: string; publicKeyPem: string; privateKeyPem: string } {
  const { publicKey, privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  return {
    kid,
    publicKeyPem: publicKey.export({ type: 'spki', format: 'pem' }).toString(),
    privateKeyPem: privateKey.export({ type: 'pkcs8', format: 'pem' }).toString(),
  };
}

const key = makeKey('key-1');
const stranger = makeKey('key-1');
const at = Date.parse('2026-10-25T00:30:00Z');
const claims = { userId: 'u1', organizationId: 'o1', roles: ['owner'] as const, sessionId: 's1', tokenId: 't1' };
const token = signAccessToken(claims, key, 600, at);

function verifierAt(now: number, more: Partial<TokenVerifierOptions> = {}): ReturnType<typeof createTokenVerifier> {
  return createTokenVerifier({ keys: () => Promise.resolve([key]), now: () => now, ...more });
}

const seconds = Math.floor(at / 1000);
const goodPayload = {
  ...{ iss: 'daybook', aud: 'daybook', sub: 'u1', sid: 's1', org: 'o1', roles: ['owner'], jti: 't1' },
  ...{ iat: seconds, nbf: seconds, exp: seconds + 600 },
};
const goodHeader = { alg: 'ES256' as const, typ: 'at+jwt', kid: 'key-1' };

function forge(payload: object, header: object = {}, privateKeyPem = key.privateKeyPem): string {
  return jwt.sign(payload, privateKeyPem, { algorithm: 'ES256', header: { ...goodHeader, ...header } });
}

function encodePart(part: object): string {
  return Buffer.from(JSON.stringify(part)).toString('base64url');
}

function without(name: keyof typeof goodPayload): object {
  return Object.fromEntries(Object.entries(goodPayload).filter(([key_]) => key_ !== name));
}

const [head = '', body = '', signature = ''] = token.split('.');
const hmacInput = `${encodePart({ ...goodHeader, alg: 'HS256' })}.${encodePart(goodPayload)}`;
const publicJwk = { kty: 'EC', crv: 'P-256', x: 'x', y: 'y' };

const mutations: [string, string][] = [
  ['alg none, unsigned', `${encodePart({ ...goodHeader, alg: 'none' })}.${encodePart(goodPayload)}.`],
  ['alg none, old signature', `${encodePart({ ...goodHeader, alg: 'none' })}.${body}.${signature}`],
  [
    'HS256 with the public key as secret',
    `${hmacInput}.${createHmac('sha256', key.publicKeyPem).update(hmacInput).digest('base64url')}`,
  ],
  ['a key of the same id that is not ours', forge(goodPayload, {}, stranger.privateKeyPem)],
  ['a changed payload', `${head}.${encodePart({ ...goodPayload, roles: ['admin'] })}.${signature}`],
  ['an unknown kid', forge(goodPayload, { kid: 'key-9' })],
  ['no kid', forge(goodPayload, { kid: undefined })],
  ['a jwk in the header', forge(goodPayload, { jwk: publicJwk })],
  ['a jku in the header', forge(goodPayload, { jku: 'https://evil.example/keys' })],
  ['an x5u in the header', forge(goodPayload, { x5u: 'https://evil.example/cert' })],
  ['a crit header', forge(goodPayload, { crit: ['exp'] })],
  ['typ JWT', forge(goodPayload, { typ: 'JWT' })],
  ['no typ', forge(goodPayload, { typ: undefined })],
  ['another audience', forge({ ...goodPayload, aud: 'elsewhere' })],
  ['no audience', forge(without('aud'))],
  ['another issuer', forge({ ...goodPayload, iss: 'elsewhere' })],
  ['no issuer', forge(without('iss'))],
  ['no subject', forge(without('sub'))],
  ['no session', forge(without('sid'))],
  ['no organisation', forge(without('org'))],
  ['no token id', forge(without('jti'))],
  ['no expiry', forge(without('exp'))],
  ['no not-before', forge(without('nbf'))],
  ['an unknown role', forge({ ...goodPayload, roles: ['root'] })],
  ['roles that are no list', forge({ ...goodPayload, roles: 'owner' })],
  ['not valid yet, beyond the tolerance', forge({ ...goodPayload, nbf: seconds + 6 })],
  ['a truncated signature', token.slice(0, -4)],
  ['a truncated token', token.slice(0, token.length / 2)],
  ['two parts', `${head}.${body}`],
  ['nothing', ''],
  ['no token', 'not.a.token'],
  ['a huge token', `${head}.${'A'.repeat(20_000)}.${signature}`],
];

test('a good token gives its actor', async () => {
  await expect(verifierAt(at).verify(token)).resolves.toEqual({
    kind: 'user',
    userId: 'u1',
    organizationId: 'o1',
    roles: ['owner'],
    sessionId: 's1',
    tokenExpiresAt: seconds + 600,
  });
  await expect(verifierAt(at).verify(forge(goodPayload))).resolves.toMatchObject({ userId: 'u1' });
});

test.each(mutations)('%s is refused as SESSION_INVALID', async (_name, mutated) => {
  const verifier = verifierAt(at);
  await verifier.verify(token);
  await expect(verifier.verify(mutated)).rejects.toMatchObject({ kind: 'unauthenticated', code: 'SESSION_INVALID' });
});

test('expiry allows five seconds of skew and no more', async () => {
  await expect(verifierAt(at + 604_000).verify(token)).resolves.toMatchObject({ userId: 'u1' });
  await expect(verifierAt(at + 605_000).verify(token)).rejects.toMatchObject({ code: 'SESSION_EXPIRED' });
  await expect(verifierAt(at - 5000).verify(token)).resolves.toMatchObject({ userId: 'u1' });
  await expect(verifierAt(at - 6000).verify(token)).rejects.toMatchObject({ code: 'SESSION_INVALID' });
});

test('an expired token by a stranger is invalid, not expired', async () => {
  const forged = signAccessToken(claims, stranger, 600, at);
  await expect(verifierAt(at + 3_600_000).verify(forged)).rejects.toMatchObject({ code: 'SESSION_INVALID' });
});

test('a remembered token still expires', async () => {
  let now = at;
  const verifier = createTokenVerifier({ keys: () => Promise.resolve([key]), now: () => now });
  await verifier.verify(token);
  now = at + 606_000;
  await expect(verifier.verify(token)).rejects.toMatchObject({ code: 'SESSION_EXPIRED' });
});

test('keys are fetched once, again for a new id, and unknown ids cannot make us ask more than every five seconds', async () => {
  let now = at;
  let asked = 0;
  const next = makeKey('key-2');
  let listed = [key];
  const verifier = createTokenVerifier({
    keys: () => {
      asked += 1;
      return Promise.resolve(listed);
    },
    now: () => now,
  });
  await verifier.verify(token);
  await verifier.verify(forge(goodPayload));
  expect(asked).toBe(1);
  listed = [key, next];
  now += 5000;
  const rotated = signAccessToken(claims, next, 600, now);
  await expect(verifier.verify(rotated)).resolves.toMatchObject({ userId: 'u1' });
  expect(asked).toBe(2);
  for (let index = 0; index < 20; index += 1) {
    await verifier.verify(forge(goodPayload, { kid: `made-up-${index}` })).catch(() => undefined);
  }
  expect(asked).toBe(2);
});

test('with auth away known keys stay good, and a verifier without keys says unavailable', async () => {
  let now = at;
  let away = false;
  const keys = (): Promise<(typeof key)[]> => (away ? Promise.reject(new Error('down')) : Promise.resolve([key]));
  const verifier = createTokenVerifier({ keys, now: () => now });
  await verifier.verify(token);
  away = true;
  now += 11 * 60_000;
  await expect(verifier.verify(signAccessToken(claims, key, 600, now))).resolves.toMatchObject({ userId: 'u1' });
  const fresh = createTokenVerifier({ keys, now: () => now });
  await expect(fresh.verify(token)).rejects.toMatchObject({ kind: 'unavailable' });
});

test('a key that is not on P-256 is not used', async () => {
  const { publicKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
  const rsa = { kid: 'key-1', publicKeyPem: publicKey.export({ type: 'spki', format: 'pem' }).toString() };
  const verifier = createTokenVerifier({ keys: () => Promise.resolve([rsa]), now: () => at });
  await expect(verifier.verify(token)).rejects.toMatchObject({ kind: 'unavailable' });
});
