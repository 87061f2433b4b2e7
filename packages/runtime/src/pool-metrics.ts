import { gauge } from './metrics.ts';

/** The counts of a connection pool; `using` are lent out, `available` wait to be lent, `waiting` are callers in line. */
export type PoolCounts = { readonly using: number; readonly available: number; readonly waiting: number };

const pools = new Map<PoolCounts, { name: string; limit: number }>();

gauge({
  name: 'daybook_db_pool_connections',
  help: 'Database connections of this process, by what they do',
  labels: ['pool', 'state'],
  collect(self) {
    self.reset();
    for (const [pool, { name }] of pools) {
      self.inc({ pool: name, state: 'in_use' }, pool.using);
      self.inc({ pool: name, state: 'idle' }, pool.available);
    }
  },
});
gauge({
  name: 'daybook_db_pool_limit',
  help: 'Database connections this process may have at most',
  labels: ['pool'],
  collect(self) {
    self.reset();
    for (const { name, limit } of pools.values()) self.inc({ pool: name }, limit);
  },
});
gauge({
  name: 'daybook_db_pool_waiting',
  help: 'Callers that wait for a database connection',
  labels: ['pool'],
  collect(self) {
    self.reset();
    for (const [pool, { name }] of pools) self.inc({ pool: name }, pool.waiting);
  },
});

/** Shows a pool in the metrics until the returned function is called. */
export function watchPool(pool: PoolCounts, name: string, limit: number): () => void {
  pools.set(pool, { name, limit });
  return () => void pools.delete(pool);
}
