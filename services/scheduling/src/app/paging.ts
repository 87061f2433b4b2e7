import { ValidationError } from '@daybook/runtime/errors';
import { rangeTooLong } from '../domain/errors.ts';
import type { Interval } from '../domain/interval.ts';
import { DAY } from '../domain/zone-offsets.ts';

const usualLimit = 50;
const highestLimit = 200;
const longestRangeDays = 62;

/** A page size; 0 means the usual 50. @throws ValidationError outside 1-200 */
export function checkLimit(limit: number): number {
  if (limit === 0) return usualLimit;
  if (Number.isInteger(limit) && limit >= 1 && limit <= highestLimit) return limit;
  throw new ValidationError([{ pointer: '/limit', message: `Give a whole number from 1 to ${highestLimit}.` }]);
}

/**
 * A range for which free time is computed; an hour more than 62 days is let through for clock changes.
 * @throws ValidationError when it is missing or reversed, DomainError RANGE_TOO_LONG
 */
export function checkRange(from: number | undefined, to: number | undefined): Interval {
  if (from === undefined) throw new ValidationError([{ pointer: '/from', message: 'Give a begin.' }]);
  if (to === undefined) throw new ValidationError([{ pointer: '/to', message: 'Give an end.' }]);
  if (to <= from) throw new ValidationError([{ pointer: '/to', message: 'The end must be after the begin.' }]);
  if (to - from > longestRangeDays * DAY + DAY / 12) throw rangeTooLong(longestRangeDays);
  return { start: from, end: to };
}
