import { headers as createHeaders } from 'nats';
import type { NatsConnection } from 'nats';
import { counter } from './metrics.ts';
import { deadLetterStream, ensureStream, jetStreamErrorCode } from './nats.ts';
import type { Delivery } from './pull-subscription.ts';

const deadLetters = counter({
  name: 'daybook_consumer_dead_letters_total',
  help: 'Messages given up and kept in the dead letter stream',
  labels: ['consumer'],
});

const publishTimeoutMs = 2000;

async function publishDeadLetter(connection: NatsConnection, message: Delivery, reason: string): Promise<void> {
  const { stream, consumer, streamSequence } = message;
  const headers = createHeaders();
  headers.set('Daybook-Reason', reason.replaceAll(/[\r\n]+/g, ' ').slice(0, 500));
  headers.set('Daybook-Subject', message.subject);
  headers.set('Daybook-Stream-Sequence', String(streamSequence));
  const traceparent = message.headers?.get('traceparent');
  if (traceparent) headers.set('traceparent', traceparent);
  await connection.jetstream().publish(`daybook.dlq.${stream}.${consumer}`, message.data, {
    headers,
    msgID: `${consumer}-${message.headers?.get('Nats-Msg-Id') || `${stream}-${streamSequence}`}`,
    timeout: publishTimeoutMs,
  });
}

/**
 * Stores a message whole, with the reason, in DAYBOOK_DLQ and only then terminates it. Rejects (and terminates nothing)
 * when the broker does not acknowledge the copy.
 */
export async function sendToDeadLetters(connection: NatsConnection, message: Delivery, reason: string): Promise<void> {
  try {
    await publishDeadLetter(connection, message, reason);
  } catch (error) {
    const noStream = (error as { code?: string }).code === '503' || jetStreamErrorCode(error) === 10_059;
    if (!noStream) throw error;
    await ensureStream(connection, deadLetterStream);
    await publishDeadLetter(connection, message, reason);
  }
  deadLetters.inc({ consumer: message.consumer });
  message.term(reason.slice(0, 100));
}
