import { type Database, query, type Tx } from '@daybook/runtime/postgres';
import type { AppointmentType, AppointmentTypeInput } from '../domain/appointment-type.ts';

/** Columns of an appointment type as one JSON value, for queries that join it under the alias `t`. */
export const typeJson = `json_build_object('id', t.id, 'organizationId', t.organization_id, 'name', t.name, 'slug', t.slug,
  'durationsMinutes', t.durations_minutes, 'bufferBeforeMinutes', t.buffer_before_minutes,
  'bufferAfterMinutes', t.buffer_after_minutes, 'minimumNoticeMinutes', t.minimum_notice_minutes,
  'horizonDays', t.horizon_days, 'slotStepMinutes', t.slot_step_minutes, 'color', t.color,
  'isDefault', t.is_default, 'archived', t.archived, 'version', t.version)`;

/** All types of the organisation, the default first, then by name. */
export async function listAppointmentTypes(on: Database | Tx, organizationId: string): Promise<AppointmentType[]> {
  const rows = await query<{ type: AppointmentType }>(on, {
    name: 'list_appointment_types',
    text: `SELECT ${typeJson} AS type FROM appointment_types t WHERE t.organization_id = $1::uuid
      ORDER BY t.is_default DESC, lower(t.name), t.id`,
    values: [organizationId],
  });
  return rows.map((row) => row.type);
}

/** One type, locked against other changes until the transaction ends. */
export async function lockAppointmentType(
  tx: Tx,
  organizationId: string,
  id: string,
): Promise<AppointmentType | undefined> {
  const rows = await query<{ type: AppointmentType }>(tx, {
    text: `SELECT ${typeJson} AS type FROM appointment_types t
      WHERE t.organization_id = $1::uuid AND t.id = $2::uuid FOR NO KEY UPDATE`,
    values: [organizationId, id],
  });
  return rows[0]?.type;
}

/** Stores new content of a type as its next version. */
export async function updateAppointmentType(
  tx: Tx,
  id: string,
  input: AppointmentTypeInput,
  nextVersion: number,
): Promise<void> {
  await query(tx, {
    text: `UPDATE appointment_types SET name = $2, slug = $3, durations_minutes = $4::int[], buffer_before_minutes = $5,
        buffer_after_minutes = $6, minimum_notice_minutes = $7, horizon_days = $8, slot_step_minutes = $9, color = $10,
        archived = $11, version = $12 WHERE id = $1::uuid`,
    values: [
      id,
      input.name,
      input.slug,
      input.durationsMinutes,
      input.bufferBeforeMinutes,
      input.bufferAfterMinutes,
      input.minimumNoticeMinutes,
      input.horizonDays,
      input.slotStepMinutes,
      input.color,
      input.archived,
      nextVersion,
    ],
  });
}
