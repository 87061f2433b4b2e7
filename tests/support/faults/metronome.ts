import { setTimeout as delay } from 'node:timers/promises';
import pg from 'pg';
import type { Stack } from '@daybook/stack/start-stack';

/** One statement: when it was sent, by the clock nobody sets, and how long it took, ms. */
export type Tick = { at: number; ms: number };

const intervalMs = 40;

/**
 * Times a small statement sent straight to PostgreSQL, over and over, for as long as a scenario runs: what the machine
 * alone makes slower while something of Daybook is broken. While PostgreSQL itself is away there are no ticks.
 */
export function startMetronome(stack: Stack): { stop(): Promise<Tick[]> } {
  const ticks: Tick[] = [];
  let running = true;
  const beat = async (): Promise<void> => {
    const client = new pg.Client({
      connectionString: stack.databaseUrls.scheduling,
      connectionTimeoutMillis: 2000,
      query_timeout: 5000,
    });
    client.on('error', () => undefined);
    try {
      await client.connect();
      while (running) {
        const at = performance.now();
        await client.query('SELECT count(*) FROM pg_class');
        ticks.push({ at, ms: performance.now() - at });
        await delay(intervalMs);
      }
    } finally {
      await Promise.race([client.end().catch(() => undefined), delay(1000, undefined, { ref: false })]);
    }
  };
  const loop = (async () => {
    while (running) {
      await beat().catch(() => undefined);
      await delay(intervalMs);
    }
  })();
  return {
    stop: async () => {
      running = false;
      await loop;
      return ticks;
    },
  };
}
