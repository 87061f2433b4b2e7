import { toTimestamp, fromTimestamp } from '@daybook/protos/instant';
import type { ProtoTimestamp, ReceivedTimestamp } from '@daybook/protos/instant';

/** An RFC 3339 text, already checked by the contract, as a protobuf Timestamp. */
export function instantToProto(text: string): ProtoTimestamp {
  return toTimestamp(new Date(text));
}

/** As instantToProto; absent stays absent. */
export function optionalInstantToProto(text: string | undefined): ProtoTimestamp | null {
  return text === undefined ? null : instantToProto(text);
}

/** A Timestamp as RFC 3339 text in UTC. @throws Error when the field a message always carries is missing */
export function instantToJson(timestamp: ReceivedTimestamp | null | undefined): string {
  if (!timestamp) throw new Error('a message lacks a required timestamp');
  return fromTimestamp(timestamp).toISOString();
}

const dayMs = 86_400_000;
const minuteMs = 60_000;
/** What follows the date, for each minute of a day. */
const timesOfDay = Array.from({ length: dayMs / minuteMs }, (_, minute) =>
  new Date(minute * minuteMs).toISOString().slice(10),
);

/**
 * Writes epoch milliseconds as `toISOString` does, byte for byte, for lists of thousands: the date is written once for each
 * day, and whole minutes come from a table. A fifth of a list of slots went into writing instants one by one.
 */
export function createInstantWriter(): (instant: number) => string {
  let day = NaN;
  let date = '';
  return (instant) => {
    const timeOfDay = instant - Math.floor(instant / dayMs) * dayMs;
    const time = timesOfDay[timeOfDay / minuteMs];
    if (time === undefined) return new Date(instant).toISOString();
    if (instant - timeOfDay !== day) {
      day = instant - timeOfDay;
      date = new Date(day).toISOString().slice(0, 10);
    }
    return date + time;
  };
}

/** `{ [name]: text }` when the field is set, else nothing, for fields that JSON leaves out. */
export function optionalInstant<Name extends string>(
  name: Name,
  timestamp: ReceivedTimestamp | null | undefined,
): Partial<Record<Name, string>> {
  return timestamp ? ({ [name]: instantToJson(timestamp) } as Record<Name, string>) : {};
}

/** `{ [name]: text }` when the text is not empty, else nothing: protobuf says "unknown" by the empty text. */
export function optionalText<Name extends string>(name: Name, text: string): Partial<Record<Name, string>> {
  return text === '' ? {} : ({ [name]: text } as Record<Name, string>);
}

/** A message that an rpc always answers. @throws Error when it is missing */
export function required<T>(message: T | null | undefined): T {
  if (message === null || message === undefined) throw new Error('an answer lacks its message');
  return message;
}
