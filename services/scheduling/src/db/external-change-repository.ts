import { isConstraint, query, type Tx } from '@daybook/runtime/postgres';
import { toSqlInstant } from './sql-values.ts';

/** What names a change made in an outside calendar. */
export type ExternalChangeName = {
  readonly organizationId: string;
  /** Which calendar. */
  readonly source: string;
  readonly changeKey: string;
};

/** The appointment a change was applied to; undefined while it was not applied. */
export async function findExternalChange(tx: Tx, name: ExternalChangeName): Promise<string | undefined> {
  const rows = await query<{ appointmentId: string }>(tx, {
    name: 'find_external_change',
    text: `SELECT appointment_id AS "appointmentId" FROM external_changes
      WHERE organization_id = $1::uuid AND source = $2 AND change_key = $3`,
    values: [name.organizationId, name.source, name.changeKey],
  });
  return rows[0]?.appointmentId;
}

/** Remembers a change in the transaction of its effect. @throws the unique violation when it was applied meanwhile */
export async function storeExternalChange(
  tx: Tx,
  name: ExternalChangeName,
  appointmentId: string,
  appliedAt: number,
): Promise<void> {
  await query(tx, {
    name: 'store_external_change',
    text: `INSERT INTO external_changes (organization_id, source, change_key, appointment_id, applied_at)
      VALUES ($1::uuid, $2, $3, $4::uuid, $5::timestamptz)`,
    values: [name.organizationId, name.source, name.changeKey, appointmentId, toSqlInstant(appliedAt)],
  });
}

/** The same change was stored between our look and our write. */
export function isExternalChangeRace(error: unknown): boolean {
  return isConstraint(error, 'external_changes_once');
}
