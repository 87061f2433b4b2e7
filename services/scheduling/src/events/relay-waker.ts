import { type Database, query } from '@daybook/runtime/postgres';

/** Wakes the relay, wherever it runs, after a commit. */
export type RelayWaker = () => void;

/** Between two notifications of one process, in milliseconds: little beside the broker's own delay, much beside a booking. */
const restMs = 5;

/**
 * Notifies after the commit instead of inside the transaction: transactions that notify take a lock of the whole server
 * while they commit, so that they no longer share one flush to disk. The first call notifies at once; calls during the
 * rest that follows share one notification at its end. A lost one costs only the relay's next poll.
 */
export function createRelayWaker(database: Database): RelayWaker {
  let resting = false;
  let wanted = false;
  const notify = (): void => {
    resting = true;
    wanted = false;
    const sent = query(database, { name: 'wake_relay', text: `SELECT pg_notify('outbox', '')` });
    const rest = (): void => {
      setTimeout(() => {
        resting = false;
        if (wanted) notify();
      }, restMs);
    };
    sent.then(rest, rest);
  };
  return () => {
    wanted = true;
    if (!resting) notify();
  };
}
