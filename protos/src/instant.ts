/** google.protobuf.Timestamp as the loader reads and writes it. */
export type ProtoTimestamp = { seconds: number; nanos: number };

/**
 * An instant as a protobuf Timestamp.
 * @param instant any valid Date; millisecond precision is kept
 */
export function toTimestamp(instant: Date): ProtoTimestamp {
  const milliseconds = instant.getTime();
  if (!Number.isFinite(milliseconds)) throw new RangeError('an invalid Date cannot be sent');
  const seconds = Math.floor(milliseconds / 1000);
  return { seconds, nanos: (milliseconds - seconds * 1000) * 1_000_000 };
}

/** What the loader may hand over for a Timestamp field. */
export type ReceivedTimestamp = { seconds?: number | string | { toNumber(): number }; nanos?: number };

/** A protobuf Timestamp as an instant, truncated to milliseconds. */
export function fromTimestamp(timestamp: ReceivedTimestamp): Date {
  const raw = timestamp.seconds ?? 0;
  const seconds = typeof raw === 'object' ? raw.toNumber() : Number(raw);
  return new Date(seconds * 1000 + Math.floor((timestamp.nanos ?? 0) / 1_000_000));
}

/** As fromTimestamp; an unset field is undefined. */
export function fromOptionalTimestamp(timestamp: ReceivedTimestamp | null | undefined): Date | undefined {
  return timestamp ? fromTimestamp(timestamp) : undefined;
}
