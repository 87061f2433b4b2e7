import { randomUUID } from 'node:crypto';
import { fromTimestamp, toTimestamp } from '@daybook/protos/instant';
import type { Database } from '@daybook/runtime/postgres';
import { FixedClock, testDatabase } from '@daybook/runtime/testing';
import {
  asUser,
  type Caller,
  everyDay,
  migrationsDirectory,
  type Scheduling,
  startScheduling,
  tokenFor,
} from './start-scheduling.ts';

/** A service of the test file's own. */
export type ServiceUnderTest = {
  /** The service's clock. */
  readonly clock: FixedClock;
  readonly scheduling: Scheduling;
  /** Its database, for looking behind the surface. */
  readonly database: Database;
  /** Sets the clock back and makes a practice in Luxembourg that is open every day from nine to five. */
  newPractice(): Promise<{ owner: Caller; organizationId: string }>;
  /** Stops it and starts it again on the same database. */
  restart(): Promise<void>;
};

/**
 * Starts the service on a database of its own before the tests of a file and takes both away after them.
 * @param now RFC 3339, where its clock stands
 */
export function serviceUnderTest(now: string): ServiceUnderTest {
  const clock = new FixedClock(now);
  let db: Awaited<ReturnType<typeof testDatabase>>;
  let scheduling: Scheduling;
  beforeAll(async () => {
    db = await testDatabase({ migrations: migrationsDirectory, extensions: ['btree_gist', 'pg_trgm'] });
    scheduling = await startScheduling({ databaseUrl: db.url, clock });
    // Generous, for machines that do much else at the same time.
  }, 60_000);
  afterAll(async () => {
    await scheduling?.stop();
    await db?.drop();
  });
  return {
    clock,
    get scheduling() {
      return scheduling;
    },
    get database() {
      return db.database;
    },
    async newPractice() {
      clock.set(now);
      const organizationId = randomUUID();
      const owner = asUser(scheduling, tokenFor(organizationId));
      await owner.setAvailability({ timeZone: 'Europe/Luxembourg', weekly: everyDay(9 * 60, 17 * 60) });
      return { owner, organizationId };
    },
    async restart() {
      await scheduling.stop();
      scheduling = await startScheduling({ databaseUrl: db.url, clock });
    },
  };
}

/** A text of RFC 3339 as a timestamp of the wire. */
export const at = (text: string) => toTimestamp(new Date(text));

/** A timestamp of the wire as RFC 3339 in UTC. */
export const iso = (timestamp: Parameters<typeof fromTimestamp>[0] | null): string =>
  fromTimestamp(timestamp!).toISOString();

/** The code of the error of a call, or OK. */
export const codeOf = (work: Promise<unknown>): Promise<string> =>
  work.then(
    () => 'OK',
    (error: { code: string }) => error.code,
  );
