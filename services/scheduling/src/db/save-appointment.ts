import { query, type Tx } from '@daybook/runtime/postgres';
import type { Appointment, HistoryEntry } from '../domain/appointment.ts';
import { ownsItsTime } from '../domain/attendance.ts';
import type { Interval } from '../domain/interval.ts';
import { appointmentSearchText } from './appointment-writes.ts';
import { toSqlInstant } from './sql-values.ts';

/**
 * Stores the new state of an appointment with its history line. Its claim on time follows: while it is scheduled or
 * completed it has one, which is made anew when it had none; else the claim is given back. The caller holds the provider's
 * lock and the row.
 * @param occupies the claim with buffers; undefined leaves a claim as it is
 * @throws the exclusion violation when the time is taken
 */
export async function saveAppointment(
  tx: Tx,
  appointment: Appointment,
  occupies: Interval | undefined,
  entry: Pick<HistoryEntry, 'action' | 'actor' | 'reason'>,
): Promise<void> {
  const claim = claimStatement(appointment, occupies);
  await query(tx, {
    name: `save_appointment_${claim.name}`,
    text: `WITH before AS (SELECT id, organization_id, provider_id, reservation_id FROM appointments WHERE id = $1::uuid),
      claim AS (${claim.sql}),
      saved AS (UPDATE appointments SET during = tstzrange($3::timestamptz, $4::timestamptz, '[)'), status = $5::text,
        notes = $6::text, customer_id = $7::uuid, cancellation_reason = $8::text, override = $9::boolean,
        version = $10::int, search_text = $11::text, updated_at = $12::timestamptz, arrived_at = $16::timestamptz
        ${claim.assignment}
        WHERE organization_id = $2::uuid AND id = $1 RETURNING id, during)
      INSERT INTO appointment_history (appointment_id, version, organization_id, action, at, actor, reason, during,
        status, override)
      SELECT id, $10, $2, $13::text, $12, $14::text, $15::text, during, $5, $9 FROM saved`,
    values: [
      appointment.id,
      appointment.organizationId,
      toSqlInstant(appointment.start),
      toSqlInstant(appointment.end),
      appointment.status,
      appointment.notes,
      appointment.customer.id,
      appointment.cancellationReason,
      appointment.override,
      appointment.version,
      appointmentSearchText(appointment),
      toSqlInstant(appointment.updatedAt),
      entry.action,
      entry.actor,
      entry.reason,
      appointment.arrivedAt === undefined ? null : toSqlInstant(appointment.arrivedAt),
      ...claim.values,
    ],
  });
}

type ClaimStatement = { name: 'released' | 'claimed' | 'kept'; sql: string; assignment: string; values: string[] };

/**
 * The statement that makes the claim follow. An appointment without a claim gets one under its own id, which no other
 * reservation can have and which it can have only once at a time.
 */
function claimStatement(appointment: Appointment, occupies: Interval | undefined): ClaimStatement {
  if (!ownsItsTime(appointment)) {
    const sql = 'DELETE FROM reservations r USING before b WHERE r.id = b.reservation_id';
    return { name: 'released', sql, assignment: ', reservation_id = NULL', values: [] };
  }
  if (!occupies) return { name: 'kept', sql: 'SELECT 1', assignment: '', values: [] };
  const sql = `INSERT INTO reservations AS r (id, organization_id, provider_id, kind, during, occupies)
    SELECT coalesce(b.reservation_id, b.id), b.organization_id, b.provider_id, 'appointment',
      tstzrange($3::timestamptz, $4::timestamptz, '[)'), tstzrange($17::timestamptz, $18::timestamptz, '[)') FROM before b
    ON CONFLICT (id) DO UPDATE SET during = excluded.during, occupies = excluded.occupies RETURNING r.id`;
  const values = [toSqlInstant(occupies.start), toSqlInstant(occupies.end)];
  return { name: 'claimed', sql, assignment: ', reservation_id = (SELECT id FROM claim)', values };
}
