import type { OutboxRow } from '@daybook/runtime/outbox';
import { query, queryAndCommit, type Tx } from '@daybook/runtime/postgres';
import { currentTraceparent } from '@daybook/runtime/trace-context';
import type { Appointment } from '../domain/appointment.ts';
import type { Customer } from '../domain/customer.ts';
import type { Interval } from '../domain/interval.ts';
import { candidatesSql, customerSearchText } from './customer-repository.ts';
import type { KeyedRequest, StoredAnswer } from './idempotency-repository.ts';
import { idempotencyLockName, idempotencyLockSeed, providerLockSeed } from './locks.ts';
import { foldText, toSqlInstant } from './sql-values.ts';

/** What a booking learns in the statement that takes its locks. */
export type BookingGround = {
  /** False while another request with the same key is worked on; then no provider lock is held either. */
  readonly claimed: boolean;
  readonly stored: StoredAnswer | undefined;
  readonly candidates: readonly Customer[];
  readonly connection: 'on' | 'off' | undefined;
};

type GroundRow = {
  lock: string | null;
  fingerprint: Buffer | null;
  answer: unknown;
  candidates: Customer[] | null;
  connection: 'on' | 'off' | null;
};

/**
 * Takes the key's lock, then the provider's, and looks up what the booking needs, in one round trip. What it reads may be
 * older than the lock; that is safe because the write is fenced: customers and keys by unique constraints and versions,
 * time by the exclusion constraint, rules by their versions.
 */
export async function lockAndLookUp(
  tx: Tx,
  request: {
    organizationId: string;
    providerId: string;
    email: string;
    phone: string;
    keyed: KeyedRequest | undefined;
  },
): Promise<BookingGround> {
  const { keyed } = request;
  const rows = await query<GroundRow>(tx, {
    name: 'booking_ground',
    text: `SELECT CASE WHEN $2::text = '' OR pg_try_advisory_xact_lock(hashtextextended($2, ${idempotencyLockSeed}))
        THEN pg_advisory_xact_lock(hashtextextended($3::text, ${providerLockSeed}))::text END AS lock,
      k.fingerprint, k.answer, CASE WHEN $6::text || $7::text = '' THEN NULL
        ELSE ${candidatesSql('$1::uuid', '$6::text', '$7::text')} END AS candidates, g.sync_connection AS connection
      FROM organizations g LEFT JOIN idempotency_keys k
        ON k.organization_id = $1::uuid AND k.actor = $4::text AND k.key = $5::text
      WHERE g.id = $1::uuid`,
    values: [
      request.organizationId,
      keyed ? idempotencyLockName(keyed.organizationId, keyed.actor, keyed.key) : '',
      request.providerId,
      keyed?.actor ?? '',
      keyed?.key ?? '',
      request.email,
      request.phone,
    ],
  });
  const row = rows[0];
  return {
    claimed: row !== undefined && row.lock !== null,
    stored: row?.fingerprint ? { fingerprint: row.fingerprint, answer: row.answer } : undefined,
    candidates: row?.candidates ?? [],
    connection: row?.connection ?? undefined,
  };
}

/** Everything one booking writes. */
export type BookingWrite = {
  readonly appointment: Appointment;
  readonly reservationId: string;
  readonly occupies: Interval;
  /** Whether the customer is made, has new details, or stays; with the version to find it at. */
  readonly customer: { readonly mode: 'new' | 'changed' | 'same'; readonly knownVersion: number };
  /** Versions of the rules the decision rests on. */
  readonly fence: { readonly availabilityVersion: number; readonly typeVersion: number };
  readonly actor: string;
  readonly event: OutboxRow;
  readonly keyed: KeyedRequest | undefined;
  readonly answer: unknown;
};

const bookingSql = `WITH fence AS MATERIALIZED (
    SELECT p.id FROM providers p
    WHERE p.organization_id = $1::uuid AND p.id = $2::uuid AND p.availability_version = $3::int
      AND EXISTS (SELECT 1 FROM appointment_types t WHERE t.id = $4::uuid AND t.version = $5::int)
      AND ($6::text = 'new' OR EXISTS (SELECT 1 FROM customers c WHERE c.id = $7::uuid AND c.version = $8::int))),
  made AS (
    INSERT INTO customers (id, organization_id, name, email, phone, time_zone, search_text)
    SELECT $7::uuid, $1::uuid, $9::text, $10::text, $11::text, $12::text, $13::text FROM fence WHERE $6 = 'new'),
  refreshed AS (
    UPDATE customers c SET name = $9, email = $10, phone = $11, time_zone = $12, search_text = $13, version = $8 + 1
    FROM fence WHERE $6 = 'changed' AND c.id = $7 AND c.version = $8),
  claimed AS (
    INSERT INTO reservations (id, organization_id, provider_id, kind, during, occupies)
    SELECT $14::uuid, $1, $2, 'appointment', tstzrange($15::timestamptz, $16::timestamptz, '[)'),
      tstzrange($17::timestamptz, $18::timestamptz, '[)') FROM fence RETURNING id, during),
  booked AS (
    INSERT INTO appointments (id, organization_id, reservation_id, provider_id, appointment_type_id, customer_id, during,
      status, notes, override, version, search_text, created_at, updated_at)
    SELECT $19::uuid, $1, id, $2, $4, $7, during, 'scheduled', $20::text, $21::boolean, 1, $22::text,
      $23::timestamptz, $23 FROM claimed),
  noted AS (
    INSERT INTO appointment_history (appointment_id, version, organization_id, action, at, actor, during, status, override)
    SELECT $19, 1, $1, 'booked', $23, $24::text, during, 'scheduled', $21 FROM claimed),
  told AS (
    INSERT INTO outbox (event_id, subject, aggregate_id, aggregate_version, payload, headers, occurred_at)
    SELECT $25::uuid, $26::text, $19, 1, $27::bytea, $28::jsonb, $29::timestamptz FROM claimed),
  remembered AS (
    INSERT INTO idempotency_keys (organization_id, actor, key, fingerprint, answer)
    SELECT $1, $24, $30::text, $31::bytea, $32::jsonb FROM claimed WHERE $30 <> '')
  SELECT id FROM claimed`;

/**
 * Writes a booking as one statement: claim, appointment, customer, history, event, answer. The caller wakes the relay
 * after the commit.
 * @param ending 'commit' when nothing follows in the transaction: write and commit are then one round trip
 * @returns false when rules, type or customer have changed since the decision; nothing is written then
 * @throws the exclusion or a unique violation, see constraint-errors.ts
 */
export async function writeBooking(tx: Tx, write: BookingWrite, ending: 'commit' | 'open'): Promise<boolean> {
  const { appointment, customer, event } = write;
  const who = appointment.customer;
  const run = ending === 'commit' ? queryAndCommit : query;
  const rows = await run(tx, {
    name: 'write_booking',
    text: bookingSql,
    values: [
      appointment.organizationId,
      appointment.providerId,
      write.fence.availabilityVersion,
      appointment.type.id,
      write.fence.typeVersion,
      customer.mode,
      who.id,
      customer.knownVersion,
      who.name,
      who.email,
      who.phone,
      who.timeZone,
      customerSearchText(who),
      write.reservationId,
      toSqlInstant(appointment.start),
      toSqlInstant(appointment.end),
      toSqlInstant(write.occupies.start),
      toSqlInstant(write.occupies.end),
      appointment.id,
      appointment.notes,
      appointment.override,
      appointmentSearchText(appointment),
      toSqlInstant(appointment.createdAt),
      write.actor,
      event.eventId,
      event.subject,
      event.payload,
      traceHeaders(),
      event.occurredAt.toISOString(),
      write.keyed?.key ?? '',
      write.keyed?.fingerprint ?? Buffer.alloc(0),
      write.keyed ? JSON.stringify(write.answer) : 'null',
    ],
  });
  return rows.length > 0;
}

/** The folded text a search for appointments looks into; the line break parts customer and notes. */
export function appointmentSearchText(appointment: Appointment): string {
  return `${customerSearchText(appointment.customer)}\n${foldText(appointment.notes)}`;
}

function traceHeaders(): string {
  const traceparent = currentTraceparent();
  return traceparent ? JSON.stringify({ traceparent }) : '{}';
}
