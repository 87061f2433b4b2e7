import type { Clock } from './clock.ts';
import type { Lifecycle } from './lifecycle.ts';
import type { Logger } from './logger.ts';
import { query } from './postgres.ts';
import type { Database } from './postgres.ts';

/**
 * How often the database is asked, ms: in between the clock that nobody sets runs on, which drifts by a millisecond at
 * most. A database whose own clock was set is followed within this time.
 */
const followEveryMs = 10_000;

/** What the database's clock shows, told by the clock that nobody sets and an answer of the database now and then. */
class DatabaseClock implements Clock {
  readonly #database: Database;
  /** Epoch milliseconds of the database when `performance.now()` was 0. */
  #origin: number | undefined;

  constructor(database: Database) {
    this.#database = database;
  }

  now(): Date {
    if (this.#origin === undefined) throw new Error('the database was not asked for its time yet');
    return new Date(this.#origin + performance.now());
  }

  /** The time told lies between question and answer, so a slow answer moves only what it proves wrong. */
  async ask(): Promise<void> {
    const asked = performance.now();
    const [row] = await query<{ at: number }>(this.#database, {
      name: 'database-clock',
      text: 'SELECT (extract(epoch FROM clock_timestamp()) * 1000)::float8 AS at',
    });
    const answered = performance.now();
    if (!row) throw new Error('the database told no time');
    const [earliest, latest] = [row.at - answered, row.at - asked];
    this.#origin = Math.min(Math.max(this.#origin ?? (earliest + latest) / 2, earliest), latest);
  }
}

/**
 * The database's clock, asked once: for a command that ends soon.
 * @throws when the database does not answer
 */
export async function readDatabaseClock(database: Database): Promise<Clock> {
  const clock = new DatabaseClock(database);
  await clock.ask();
  return clock;
}

/**
 * The database's clock, by which replicas judge what they share: whose own clock is wrong by minutes still agrees with the
 * others on what has ended. It runs on while the database is away.
 * @throws when the database does not answer the first time
 */
export async function followDatabaseClock(options: {
  database: Database;
  logger: Logger;
  lifecycle: Lifecycle;
  everyMs?: number;
}): Promise<Clock> {
  const clock = new DatabaseClock(options.database);
  await clock.ask();
  let asking: Promise<void> = Promise.resolve();
  const timer = setInterval(() => {
    asking = clock.ask().catch((error: unknown) => options.logger.debug({ err: error }, 'the database told no time'));
  }, options.everyMs ?? followEveryMs);
  options.lifecycle.onShutdown('work', 'database clock', async () => {
    clearInterval(timer);
    await asking;
  });
  return clock;
}
