import type { MessageTypeDefinition } from '@grpc/proto-loader';
import type { CalendarSyncEvent, CalendarSyncEvent__Output } from '../gen/daybook/calendarsync/v1/CalendarSyncEvent.ts';
import type { SchedulingEvent, SchedulingEvent__Output } from '../gen/daybook/scheduling/v1/SchedulingEvent.ts';
import type { ErrorInfo, ErrorInfo__Output } from '../gen/google/rpc/ErrorInfo.ts';
import { packageDefinition } from './packages.ts';

type Codec<Input, Output> = { encode: (message: Input) => Buffer; decode: (bytes: Uint8Array) => Output };

function codec<Input, Output>(fullName: string): Codec<Input, Output> {
  const definition = packageDefinition[fullName] as MessageTypeDefinition<object, object> | undefined;
  if (!definition || !('serialize' in definition)) throw new Error(`no message ${fullName} in the loaded protos`);
  return {
    encode: (message) => definition.serialize(message as object),
    decode: (bytes) => definition.deserialize(Buffer.from(bytes)) as Output,
  };
}

const schedulingEvent = codec<SchedulingEvent, SchedulingEvent__Output>('daybook.scheduling.v1.SchedulingEvent');
const calendarSyncEvent = codec<CalendarSyncEvent, CalendarSyncEvent__Output>(
  'daybook.calendarsync.v1.CalendarSyncEvent',
);
const errorInfo = codec<ErrorInfo, ErrorInfo__Output>('google.rpc.ErrorInfo');
const rpcStatus = codec<RpcStatus, RpcStatus>('google.rpc.Status');

/**
 * google.rpc.Status with its details still packed. Written by hand because the loader would try to unpack Any into types
 * it may not know; only `type_url` and `value` are used.
 */
export type RpcStatus = { code: number; message: string; details: { type_url: string; value: Buffer }[] };

/** A SchedulingEvent as bytes for the outbox and the broker. */
export const encodeSchedulingEvent = schedulingEvent.encode;
/** The reverse; throws on bytes that are no such message. */
export const decodeSchedulingEvent = schedulingEvent.decode;
/** A CalendarSyncEvent as bytes for the outbox and the broker. */
export const encodeCalendarSyncEvent = calendarSyncEvent.encode;
/** The reverse; throws on bytes that are no such message. */
export const decodeCalendarSyncEvent = calendarSyncEvent.decode;
/** An ErrorInfo as bytes. */
export const encodeErrorInfo = errorInfo.encode;
/** The reverse. */
export const decodeErrorInfo = errorInfo.decode;
/** A google.rpc.Status as bytes, for the trailer grpc-status-details-bin. */
export const encodeStatus = rpcStatus.encode;
/** The reverse. */
export const decodeStatus = rpcStatus.decode;
