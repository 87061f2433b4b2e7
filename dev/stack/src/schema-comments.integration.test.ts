import { join } from 'node:path';
import { testDatabase } from '@daybook/runtime/testing';
import pg from 'pg';

const services = ['auth', 'scheduling', 'calcom-sync'];

type Column = { table: string; name: string; type: string; tableSays: string; says: string };

/** Every column of the service's own tables, as a database has it after all migrations. */
async function readColumns(service: string): Promise<Column[]> {
  const migrations = join(process.cwd(), 'services', service, 'migrations');
  const database = await testDatabase({ migrations, extensions: ['btree_gist', 'pg_trgm'] });
  const client = new pg.Client({ connectionString: database.url });
  try {
    await client.connect();
    const { rows } = await client.query<Column>(
      `SELECT c.relname AS "table", a.attname AS name, format_type(a.atttypid, NULL) AS type,
              coalesce(obj_description(c.oid, 'pg_class'), '') AS "tableSays", coalesce(col_description(c.oid, a.attnum), '') AS says
         FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped
        WHERE c.relnamespace = 'public'::regnamespace AND c.relkind IN ('r', 'p') AND c.relname <> 'schema_migrations'`,
    );
    return rows;
  } finally {
    await client.end();
    await database.drop();
  }
}

/** Numbers that count time, and the words one of which must name the unit. */
const countsTime = /minute|_ms$|milliseconds|_days$|duration|weekday/;
const unit = /minute|millisecond|day|length/i;

describe.each(services)('the tables of %s', (service) => {
  let columns: Column[];
  beforeAll(async () => {
    columns = await readColumns(service);
  });
  const unclear = (wrong: (column: Column) => boolean) =>
    columns.filter(wrong).map(({ table, name, says }) => `${table}.${name}: ${says}`);

  test('each say what they hold', () => {
    expect(new Set(columns.map(({ table }) => table)).size).toBeGreaterThan(4);
    expect(unclear(({ tableSays }) => tableSays.length < 10)).toEqual([]);
  });

  test('say of every time and every document what it is', () => {
    const spoken = columns.filter(
      ({ name, type }) => /^(timestamp|tstzrange|date|json)/.test(type) || countsTime.test(name),
    );
    expect(spoken.length).toBeGreaterThan(10);
    expect(unclear((column) => spoken.includes(column) && column.says.length < 10)).toEqual([]);
  });

  test('keep no time without a zone, and name the unit of every length and the zone of every wall clock', () => {
    expect(unclear(({ type }) => /without time zone/.test(type))).toEqual([]);
    expect(unclear(({ name, says }) => countsTime.test(name) && !unit.test(says))).toEqual([]);
    const wallClock = ({ name, type }: Column) => type === 'date' || /weekday|(start|end)_minute$/.test(name);
    expect(unclear((column) => wallClock(column) && !/zone/.test(column.says))).toEqual([]);
  });
});
