import { type Database, query, type Tx } from '@daybook/runtime/postgres';
import type { AppointmentTypeInput } from '../domain/appointment-type.ts';

/** Whether the organisation exists here. */
export async function organizationExists(on: Database | Tx, id: string): Promise<boolean> {
  const rows = await query(on, {
    name: 'organization_exists',
    text: 'SELECT 1 FROM organizations WHERE id = $1::uuid',
    values: [id],
  });
  return rows.length > 0;
}

/** Makes the organisation; false when another request has just made it (this one then waited for its commit). */
export async function insertOrganization(tx: Tx, id: string, name: string): Promise<boolean> {
  const rows = await query(tx, {
    text: 'INSERT INTO organizations (id, name) VALUES ($1::uuid, $2) ON CONFLICT DO NOTHING RETURNING id',
    values: [id, name],
  });
  return rows.length > 0;
}

/** Makes a provider with an empty calendar, availability version 1. */
export async function insertProvider(
  tx: Tx,
  provider: { id: string; organizationId: string; name: string; timeZone: string },
): Promise<void> {
  await query(tx, {
    text: 'INSERT INTO providers (id, organization_id, name, time_zone) VALUES ($1::uuid, $2::uuid, $3, $4)',
    values: [provider.id, provider.organizationId, provider.name, provider.timeZone],
  });
}

/** Makes an appointment type, version 1. */
export async function insertAppointmentType(
  tx: Tx,
  type: AppointmentTypeInput & { id: string; organizationId: string; isDefault: boolean },
): Promise<void> {
  await query(tx, {
    text: `INSERT INTO appointment_types (id, organization_id, name, slug, durations_minutes, buffer_before_minutes,
        buffer_after_minutes, minimum_notice_minutes, horizon_days, slot_step_minutes, color, is_default)
      VALUES ($1::uuid, $2::uuid, $3, $4, $5::int[], $6, $7, $8, $9, $10, $11, $12)`,
    values: [
      type.id,
      type.organizationId,
      type.name,
      type.slug,
      type.durationsMinutes,
      type.bufferBeforeMinutes,
      type.bufferAfterMinutes,
      type.minimumNoticeMinutes,
      type.horizonDays,
      type.slotStepMinutes,
      type.color,
      type.isDefault,
    ],
  });
}

/** Records whether an outside calendar is connected; an older message changes nothing. */
export async function recordConnection(
  tx: Tx,
  organizationId: string,
  state: 'on' | 'off',
  eventVersion: number,
): Promise<void> {
  await query(tx, {
    text: `UPDATE organizations SET sync_connection = $2, sync_connection_version = $3
      WHERE id = $1::uuid AND sync_connection_version < $3`,
    values: [organizationId, state, eventVersion],
  });
}

/** Ids of the organisations here, at most two. */
export async function listFirstOrganizations(on: Database): Promise<string[]> {
  const rows = await query<{ id: string }>(on, { text: 'SELECT id FROM organizations ORDER BY created_at LIMIT 2' });
  return rows.map((row) => row.id);
}
