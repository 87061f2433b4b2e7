import { gauge, shareReading } from './metrics.ts';
import { query } from './postgres.ts';
import type { Database } from './postgres.ts';

type Backlog = { count: number; seconds: number };

const watched = new Set<Database>();

const readBacklog = shareReading(async (): Promise<Backlog> => {
  const backlogs = await Promise.all(
    [...watched].map((database) =>
      query<Backlog>(database, {
        name: 'outbox-backlog',
        text: `SELECT count(*) AS count, coalesce(extract(epoch FROM now() - min(occurred_at)), 0)::float8 AS seconds
               FROM outbox WHERE published_at IS NULL`,
      }),
    ),
  );
  const rows = backlogs.flat();
  return {
    count: rows.reduce((sum, row) => sum + row.count, 0),
    seconds: Math.max(0, ...rows.map((row) => row.seconds)),
  };
});

function register(name: string, help: string, valueOf: (backlog: Backlog) => number): void {
  gauge({ name, help, collect: async (self) => self.set(valueOf(await readBacklog())) });
}

register('daybook_outbox_oldest_seconds', 'Age of the oldest event the broker has not acknowledged', (b) => b.seconds);
register('daybook_outbox_unpublished', 'Events the broker has not acknowledged', (b) => b.count);

/** Shows the backlog of an outbox in the metrics until the returned function is called; asked at each scrape. */
export function watchOutbox(database: Database): () => void {
  watched.add(database);
  return () => void watched.delete(database);
}
