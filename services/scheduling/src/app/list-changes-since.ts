import { listChangesSince as readChanges } from '@daybook/runtime/outbox';
import { ValidationError } from '@daybook/runtime/errors';
import type { Dependencies } from './dependencies.ts';

/** Committed changes in sequence order, and how far the caller may go on from. */
export type Changes = { changes: { sequence: number; event: Uint8Array }[]; safeSequence: number };

const usualLimit = 100;
const highestLimit = 500;

/**
 * Outbox rows after a sequence number, for services whose broker forgot.
 * @param limit 1-500; 0 means 100
 */
export function listChangesSince(deps: Dependencies): (afterSequence: number, limit: number) => Promise<Changes> {
  return (afterSequence, limit) => {
    if (!Number.isSafeInteger(afterSequence) || afterSequence < 0) {
      throw new ValidationError([{ pointer: '/afterSequence', message: 'Give 0 or a sequence number.' }]);
    }
    if (!Number.isInteger(limit) || limit < 0 || limit > highestLimit) {
      throw new ValidationError([{ pointer: '/limit', message: `Give a whole number from 1 to ${highestLimit}.` }]);
    }
    return readChanges(deps.database, afterSequence, limit === 0 ? usualLimit : limit);
  };
}
