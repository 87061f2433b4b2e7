import pg from 'pg';
import { databaseRoles, prepareDatabases } from '@daybook/provision/databases';
import { discardEmbeddedPostgres, startEmbeddedPostgres, type EmbeddedPostgres } from './embedded-postgres.ts';
import { makeScratch } from './test-support/scratch.ts';

jest.setTimeout(60_000);

const scratch = makeScratch();
const passwords = (suffix: string) => Object.fromEntries(databaseRoles.map((role) => [role, `${role}/${suffix}`]));
let server: EmbeddedPostgres;

beforeAll(async () => {
  server = await startEmbeddedPostgres({ dataDirectory: scratch.path, durable: false });
});
afterAll(async () => {
  await server.stop();
  await discardEmbeddedPostgres(scratch.path);
});

async function ask(url: string, sql: string): Promise<unknown[]> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    return (await client.query<Record<string, unknown>>(sql)).rows;
  } finally {
    await client.end();
  }
}

test('the migrator owns the schema; the application reads and writes rows and can do no more', async () => {
  const { scheduling } = await prepareDatabases(server.adminUrl, passwords('one'));
  await ask(scheduling.migrator, 'CREATE TABLE things (id bigint GENERATED ALWAYS AS IDENTITY, name text)');
  await ask(scheduling.app, "INSERT INTO things (name) VALUES ('first')");
  expect(await ask(scheduling.app, 'SELECT name FROM things')).toEqual([{ name: 'first' }]);
  await expect(ask(scheduling.app, 'CREATE TABLE mine (n integer)')).rejects.toMatchObject({ code: '42501' });
  await expect(ask(scheduling.app, 'DROP TABLE things')).rejects.toMatchObject({ code: '42501' });
  await expect(ask(scheduling.app, 'TRUNCATE things')).rejects.toMatchObject({ code: '42501' });
});

test('a second time, with new passwords, changes the passwords and nothing else', async () => {
  const before = await prepareDatabases(server.adminUrl, passwords('one'));
  const after = await prepareDatabases(server.adminUrl, passwords('two'));
  await expect(ask(before.auth.app, 'SELECT 1')).rejects.toMatchObject({ code: '28P01' });
  expect(await ask(after.scheduling.app, 'SELECT name FROM things')).toEqual([{ name: 'first' }]);
});

test('one service cannot open the database of another', async () => {
  const { auth } = await prepareDatabases(server.adminUrl, passwords('one'));
  const foreign = new URL(auth.app);
  foreign.pathname = '/daybook_scheduling';
  await expect(ask(foreign.toString(), 'SELECT 1')).rejects.toMatchObject({ code: '42501' });
});

test('two starts at the same time do not disturb each other', async () => {
  const both = [prepareDatabases(server.adminUrl, passwords('x')), prepareDatabases(server.adminUrl, passwords('x'))];
  const [first] = await Promise.all(both);
  expect(await ask(first?.calcomSync.app ?? '', 'SELECT 1 AS one')).toEqual([{ one: 1 }]);
});
