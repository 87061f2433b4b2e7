import { query, type Tx } from '@daybook/runtime/postgres';
import type { Customer } from '../domain/customer.ts';
import type { Interval } from '../domain/interval.ts';
import { customerSearchText } from './customer-repository.ts';
import { foldText, toSqlInstant } from './sql-values.ts';

/** A past appointment as it is written. */
export type PastAppointmentRow = {
  readonly id: string;
  readonly reservationId: string;
  readonly organizationId: string;
  readonly providerId: string;
  readonly typeId: string;
  readonly customer: Customer;
  readonly during: Interval;
  readonly status: 'completed' | 'no_show' | 'cancelled';
  readonly notes: string;
};

const seedActor = 'service:seed-history';

/** Appointments the seeding did not write, in a practice it has not written to before. */
export async function countForeignAppointments(tx: Tx, organizationId: string): Promise<number> {
  const rows = await query<{ count: number }>(tx, {
    text: `SELECT count(*) FROM appointments a JOIN appointment_history h ON h.appointment_id = a.id AND h.version = 1
      JOIN organizations g ON g.id = a.organization_id
      WHERE a.organization_id = $1::uuid AND h.actor <> $2 AND NOT g.settings ? 'seeded'`,
    values: [organizationId, seedActor],
  });
  return rows[0]?.count ?? 0;
}

/** Notes that this practice is a demonstration. */
export async function markSeeded(tx: Tx, organizationId: string): Promise<void> {
  await query(tx, {
    text: `UPDATE organizations SET settings = settings || '{"seeded": true}' WHERE id = $1::uuid`,
    values: [organizationId],
  });
}

/**
 * Writes a past appointment with the history it would have; nothing goes to the outbox, and the mark is off, since no
 * outside calendar is to hear of it.
 * @returns false when something stands at that time already
 */
export async function insertPastAppointment(tx: Tx, row: PastAppointmentRow): Promise<boolean> {
  const holdsTime = row.status === 'completed';
  const rows = await query(tx, {
    name: `seed_appointment_${holdsTime ? 'kept' : 'released'}`,
    text: `WITH span AS (SELECT tstzrange($1::timestamptz, $2::timestamptz, '[)') AS during),
      free AS (SELECT during FROM span WHERE NOT EXISTS (SELECT 1 FROM reservations r
          WHERE r.provider_id = $5::uuid AND r.occupies && span.during)
        AND NOT EXISTS (SELECT 1 FROM appointments a WHERE a.provider_id = $5 AND a.during = span.during
          AND a.customer_id = $7::uuid)),
      claimed AS (INSERT INTO reservations (id, organization_id, provider_id, kind, during, occupies)
        SELECT $3::uuid, $4::uuid, $5, 'appointment', during, during FROM free WHERE ${holdsTime} RETURNING id),
      written AS (INSERT INTO appointments (id, organization_id, reservation_id, provider_id, appointment_type_id,
          customer_id, during, status, notes, version, search_text, created_at, updated_at)
        SELECT $8::uuid, $4, (SELECT id FROM claimed), $5, $6::uuid, $7, during, $9::text, $10::text, 2, $11::text,
          lower(during) - interval '7 days', upper(during) FROM free RETURNING id, during),
      unsynced AS (INSERT INTO appointment_sync (appointment_id, organization_id, event_version, appointment_version, state)
        SELECT id, $4, 0, 2, 'off' FROM written)
      INSERT INTO appointment_history (appointment_id, version, organization_id, action, at, actor, during, status, override)
      SELECT id, step.version, $4, step.action, step.at, $12::text, during, step.status, false FROM written,
        LATERAL (VALUES (1, 'booked', lower(during) - interval '7 days', 'scheduled'),
          (2, $9, upper(during), $9)) AS step (version, action, at, status)
      RETURNING version`,
    values: [
      toSqlInstant(row.during.start),
      toSqlInstant(row.during.end),
      row.reservationId,
      row.organizationId,
      row.providerId,
      row.typeId,
      row.customer.id,
      row.id,
      row.status,
      row.notes,
      `${customerSearchText(row.customer)}\n${foldText(row.notes)}`,
      seedActor,
    ],
  });
  return rows.length > 0;
}
