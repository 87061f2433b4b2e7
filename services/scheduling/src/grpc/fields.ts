import { fromTimestamp, type ReceivedTimestamp, toTimestamp } from '@daybook/protos/instant';
import { ValidationError } from '@daybook/runtime/errors';

const earliestInstant = Date.UTC(1000, 0);
const latestInstant = Date.UTC(9000, 0);
const uuidPattern = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i;

/** An instant in epoch milliseconds, undefined when unset. @throws ValidationError for one no calendar holds */
export function readInstant(value: ReceivedTimestamp | null | undefined, pointer: string): number | undefined {
  if (!value) return undefined;
  const instant = fromTimestamp(value).getTime();
  if (instant >= earliestInstant && instant <= latestInstant) return instant;
  throw new ValidationError([{ pointer, message: 'Give a time between the years 1000 and 9000.' }]);
}

/** A UUID in lower case. @throws ValidationError for anything else */
export function readId(value: string, pointer: string): string {
  if (uuidPattern.test(value)) return value.toLowerCase();
  throw new ValidationError([{ pointer, message: 'Give a UUID.' }]);
}

/** As readId; empty stays empty. */
export function readOptionalId(value: string, pointer: string): string {
  return value === '' ? '' : readId(value, pointer);
}

/** Epoch milliseconds as a protobuf Timestamp. */
export function writeInstant(instant: number): { seconds: number; nanos: number } {
  return toTimestamp(new Date(instant));
}

/** As writeInstant; undefined becomes unset. */
export function writeOptionalInstant(instant: number | undefined): { seconds: number; nanos: number } | null {
  return instant === undefined ? null : writeInstant(instant);
}
