import { headers as createHeaders } from 'nats';
import type { JetStreamClient, NatsError, PubAck } from 'nats';
import { counter } from './metrics.ts';
import { jetStreamErrorCode } from './nats.ts';
import { continueTrace, currentSpan, currentTraceparent } from './trace-context.ts';

/** An outbox row as the relay reads it. */
export type PendingRow = {
  seq: number;
  event_id: string;
  subject: string;
  aggregate_id: string;
  payload: Buffer;
  headers: { traceparent?: string };
};

/** What became of a batch: acknowledged rows, aggregates whose next row the broker will never take, and broker faults. */
export type BatchOutcome = {
  acknowledged: { seq: number; streamSequence: number; duplicate: boolean }[];
  refusedAggregates: string[];
  brokerFault: unknown;
};

const publishTimeoutMs = 2000;
const messageTooLarge = 10_054;

const publishedTotal = counter({
  name: 'daybook_outbox_published_total',
  help: 'Events the broker acknowledged',
  labels: ['subject'],
});

/** Faults of one message; everything else (no stream, no answer, no space) is a fault of the broker. */
function isMessageFault(error: unknown): boolean {
  return (error as NatsError).code === 'MAX_PAYLOAD_EXCEEDED' || jetStreamErrorCode(error) === messageTooLarge;
}

function publishRow(jetStream: JetStreamClient, row: PendingRow): Promise<PubAck> {
  const { traceparent } = row.headers;
  if (traceparent === undefined) return send(jetStream, row, undefined);
  const span = {
    name: `${row.subject} publish`,
    kind: 'producer',
    attributes: { 'messaging.system': 'nats' },
  } as const;
  return continueTrace(traceparent, span, () =>
    send(jetStream, row, currentSpan() ? currentTraceparent() : traceparent),
  );
}

function send(jetStream: JetStreamClient, row: PendingRow, traceparent: string | undefined): Promise<PubAck> {
  const headers = createHeaders();
  if (traceparent !== undefined) headers.set('traceparent', traceparent);
  return jetStream.publish(row.subject, row.payload, { msgID: row.event_id, headers, timeout: publishTimeoutMs });
}

function groupByAggregate(rows: PendingRow[]): PendingRow[][] {
  return [...Map.groupBy(rows, (row) => row.aggregate_id).values()];
}

/**
 * Publishes rows in order within an aggregate and in parallel across aggregates, each acknowledged before the next of
 * its aggregate. A failure ends that aggregate's part; after a fault of the broker no further row is begun.
 */
export async function publishBatch(jetStream: JetStreamClient, rows: PendingRow[]): Promise<BatchOutcome> {
  const outcome: BatchOutcome = { acknowledged: [], refusedAggregates: [], brokerFault: undefined };
  async function publishAggregate(group: PendingRow[]): Promise<void> {
    for (const row of group) {
      if (outcome.brokerFault) return;
      try {
        const ack = await publishRow(jetStream, row);
        outcome.acknowledged.push({ seq: row.seq, streamSequence: ack.seq, duplicate: ack.duplicate });
        publishedTotal.inc({ subject: row.subject });
      } catch (error) {
        if (isMessageFault(error)) outcome.refusedAggregates.push(row.aggregate_id);
        else outcome.brokerFault = error ?? new Error('the broker refused a message');
        return;
      }
    }
  }
  await Promise.all(groupByAggregate(rows).map(publishAggregate));
  return outcome;
}
