import { query, type Tx } from '@daybook/runtime/postgres';
import type { RecordedSync } from '../domain/sync-state.ts';
import { epochMs, toSqlInstant } from './sql-values.ts';

/** SQL of the projection as one JSON value, null when nothing was said yet; the alias is `s`. */
export const syncJson = `CASE WHEN s.appointment_id IS NULL THEN NULL ELSE json_build_object(
  'appointmentVersion', s.appointment_version, 'state', s.state, 'externalUid', s.external_uid,
  'start', ${epochMs('s.start_at')}, 'durationMinutes', s.duration_minutes,
  'syncedAt', ${epochMs('s.synced_at')}, 'lastError', s.last_error) END`;

/** What calendar sync said about an appointment, with the version of that message. */
export type SyncReport = RecordedSync & {
  readonly appointmentId: string;
  readonly organizationId: string;
  readonly eventVersion: number;
  readonly target: string;
};

/** Keeps the newest report on an appointment; an older one changes nothing. */
export async function recordSync(tx: Tx, report: SyncReport): Promise<void> {
  await query(tx, {
    name: 'record_sync',
    text: `INSERT INTO appointment_sync AS s (appointment_id, organization_id, event_version, appointment_version, state,
        target, external_uid, start_at, duration_minutes, synced_at, last_error)
      VALUES ($1::uuid, $2::uuid, $3, $4, $5, $6, $7, $8::timestamptz, $9, $10::timestamptz, $11)
      ON CONFLICT (appointment_id) DO UPDATE SET event_version = excluded.event_version,
        appointment_version = excluded.appointment_version, state = excluded.state, target = excluded.target,
        external_uid = excluded.external_uid, start_at = excluded.start_at,
        duration_minutes = excluded.duration_minutes, synced_at = excluded.synced_at, last_error = excluded.last_error
      WHERE s.event_version < excluded.event_version AND s.organization_id = excluded.organization_id`,
    values: [
      report.appointmentId,
      report.organizationId,
      report.eventVersion,
      report.appointmentVersion,
      report.state,
      report.target,
      report.externalUid,
      report.start === undefined ? null : toSqlInstant(report.start),
      report.durationMinutes,
      report.syncedAt === undefined ? null : toSqlInstant(report.syncedAt),
      report.lastError,
    ],
  });
}
