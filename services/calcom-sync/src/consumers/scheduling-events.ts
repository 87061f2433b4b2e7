import { decodeSchedulingEvent } from '@daybook/protos/codecs';
import { startConsumer } from '@daybook/runtime/consumer';
import type { Lifecycle } from '@daybook/runtime/lifecycle';
import type { Logger } from '@daybook/runtime/logger';
import type { NatsHandle, StreamSpec } from '@daybook/runtime/nats';
import type { Database } from '@daybook/runtime/postgres';
import { recordChange, type RecordOptions } from '../engine/desired-state.ts';
import { toChange } from './mapping.ts';

/** The name under which events are marked as received; the backstop uses the same, so each takes effect once. */
export const CONSUMER = 'calcom-sync';

const schedulingStream: StreamSpec = {
  name: 'DAYBOOK_SCHEDULING',
  subjects: ['daybook.scheduling.v1.>'],
  maxAgeDays: 7,
};

/** Turns scheduling's events into desired state, in one transaction with the inbox; then wakes the worker. */
export function startSchedulingConsumer(options: {
  nats: NatsHandle;
  database: Database;
  logger: Logger;
  lifecycle: Lifecycle;
  record: RecordOptions;
  onRecorded: () => void;
}): void {
  const { nats, database, logger, lifecycle, record, onRecorded } = options;
  startConsumer({
    nats,
    database,
    logger,
    lifecycle,
    stream: schedulingStream,
    durable: CONSUMER,
    filter: 'daybook.scheduling.v1.>',
    decode: decodeSchedulingEvent,
    eventId: (event) => event.eventId,
    handle: (tx, event) => recordChange(tx, toChange(event), record),
    onCommitted: onRecorded,
  });
}
