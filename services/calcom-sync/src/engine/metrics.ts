import { counter, gauge, histogram, shareReading } from '@daybook/runtime/metrics';
import type { Database } from '@daybook/runtime/postgres';
import { countConnections, countWork } from '../db/connection-repository.ts';
import { CALCOM } from '../events/calendar-sync-events.ts';

/** Seconds around the promise of five. */
const latencyBuckets = [0.05, 0.1, 0.25, 0.5, 1, 1.5, 2, 3, 4, 5, 7.5, 10, 30, 60, 300];

/** From the commit of the change in scheduling to the target's acknowledgement, seconds. */
export const syncLatency = histogram({
  name: 'daybook_sync_latency_seconds',
  help: 'From the commit of a change to the acknowledgement of the outside calendar',
  labels: ['target', 'operation'],
  buckets: latencyBuckets,
});

/** Steps by how they ended. */
export const syncAttempts = counter({
  name: 'daybook_sync_attempts_total',
  help: 'Steps towards the outside calendar, by how they ended',
  labels: ['target', 'result'],
});

/** Times a connection was found in trouble, probes of one that stays in trouble included. */
export const connectionFaults = counter({
  name: 'daybook_sync_connection_faults_total',
  help: 'Times a connection could not be worked with, by fault: unauthorized is a refused key',
  labels: ['target', 'fault'],
});

/** Gauges that ask the database at each scrape: every replica tells the same truth. */
export function registerWorkGauges(database: Database): void {
  // From nothing to one is no increase: the first refused key must be seen as one.
  connectionFaults.inc({ target: CALCOM, fault: 'unauthorized' }, 0);
  const read = shareReading(() => countWork(database));
  gauge({
    name: 'daybook_sync_connections',
    help: 'Connections to outside calendars, by state',
    labels: ['target', 'state'],
    async collect(self) {
      self.reset();
      for (const { target, state, count } of await countConnections(database)) self.set({ target, state }, count);
    },
  });
  gauge({
    name: 'daybook_sync_pending',
    help: 'Appointments waiting to be pushed',
    labels: ['target'],
    async collect(self) {
      self.reset();
      for (const work of (await read()).values()) self.inc({ target: work.target }, work.pending);
    },
  });
  gauge({
    name: 'daybook_sync_parked',
    help: 'Appointments the outside calendar refused, which wait for a person or stay different',
    labels: ['target'],
    async collect(self) {
      self.reset();
      for (const work of (await read()).values()) self.inc({ target: work.target }, work.parked);
    },
  });
  gauge({
    name: 'daybook_sync_oldest_pending_seconds',
    help: 'Age of the oldest change that is not pushed yet',
    labels: ['target'],
    async collect(self) {
      self.reset();
      for (const work of (await read()).values()) self.set({ target: work.target }, work.oldestPendingSeconds);
    },
  });
}
