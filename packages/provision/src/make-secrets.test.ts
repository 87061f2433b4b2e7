import { X509Certificate } from 'node:crypto';
import { createLogger } from '@daybook/runtime/logger';
import type { SecretData, SecretStore } from './kubernetes.ts';
import { makeSecrets } from './make-secrets.ts';
import type { SecretsPlan } from './make-secrets.ts';
import { secretMakers } from './secret-values.ts';

const now = new Date();
const plan: SecretsPlan = {
  valuesName: 'book-secrets',
  certificates: {
    authorityName: 'book-ca',
    leaves: { 'book-auth-tls': ['book-auth'], 'book-nats-tls': ['book-nats', 'book-nats.day.svc'] },
  },
};

function createStore(kept: Record<string, SecretData> = {}): {
  objects: Record<string, SecretData>;
  store: SecretStore;
} {
  const objects = { ...kept };
  const store: SecretStore = {
    read: async (name) => objects[name],
    create: async (name, _type, data) => {
      if (objects[name]) throw new Error('is there already');
      objects[name] = data;
    },
    patch: async (name, data) => {
      if (!objects[name]) throw new Error('is not there');
      objects[name] = { ...objects[name], ...data };
    },
  };
  return { objects, store };
}

const run = (store: SecretStore, at = now, what = plan): Promise<void> =>
  makeSecrets(what, { store, logger: createLogger('test', 'silent'), now: at });

test('the first run makes every value and certificate, the second changes nothing', async () => {
  const { objects, store } = createStore();
  await run(store);
  expect(Object.keys(objects['book-secrets'] ?? {}).sort()).toEqual(Object.keys(secretMakers).sort());
  expect(Object.keys(objects).sort()).toEqual(['book-auth-tls', 'book-ca', 'book-nats-tls', 'book-secrets']);
  const before = structuredClone(objects);
  await run(store);
  expect(objects).toEqual(before);
});

test('values are strong, different from each other, and safe in URLs and configuration files', async () => {
  const { objects, store } = createStore();
  await run(store);
  const values = Object.entries(objects['book-secrets'] ?? {});
  expect(new Set(values.map(([, value]) => value)).size).toBe(values.length);
  for (const [key, value] of values) {
    expect(value.length).toBeGreaterThanOrEqual(29);
    if (!key.endsWith('-encryption-key')) expect(value).toMatch(/^[a-z][A-Za-z0-9-]+$/);
  }
});

test('a newer version adds what it needs and leaves what is there', async () => {
  const { objects, store } = createStore({ 'book-secrets': { 'owner-password': 'mine', extra: 'kept' } });
  await run(store);
  expect(objects['book-secrets']).toMatchObject({ 'owner-password': 'mine', extra: 'kept' });
  expect(Object.keys(objects['book-secrets'] ?? {})).toHaveLength(Object.keys(secretMakers).length + 1);
});

test('certificates are renewed by the same authority once two years are left', async () => {
  const { objects, store } = createStore();
  await run(store);
  const before = structuredClone(objects);
  await run(store, new Date(now.getTime() + 400 * 86_400_000));
  expect(objects['book-ca']).toEqual(before['book-ca']);
  expect(objects['book-secrets']).toEqual(before['book-secrets']);
  const renewed = objects['book-auth-tls']?.['tls.crt'] ?? '';
  expect(renewed).not.toBe(before['book-auth-tls']?.['tls.crt']);
  const authority = new X509Certificate(objects['book-ca']?.['tls.crt'] ?? '');
  expect(new X509Certificate(renewed).verify(authority.publicKey)).toBe(true);
});

test('only what is asked for is made', async () => {
  const { objects, store } = createStore();
  await run(store, now, { valuesName: undefined, certificates: undefined });
  expect(objects).toEqual({});
});
