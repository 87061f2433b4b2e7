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
