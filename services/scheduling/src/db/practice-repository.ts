import { type Database, query, type Tx } from '@daybook/runtime/postgres';
import type { Practice, PracticeParticulars } from '../domain/practice.ts';
import { epochMs } from './sql-values.ts';

type PracticeRow = Omit<Practice, 'lastProvenRestoreAt'> & { lastProvenRestoreAt: number | null };

/** The practice's particulars; undefined when there is no such organisation. */
export async function findPractice(
  on: Database | Tx,
  organizationId: string,
  locking: 'lock' | 'read' = 'read',
): Promise<Practice | undefined> {
  const rows = await query<PracticeRow>(on, {
    text: `SELECT g.id AS "organizationId", g.name, g.country, g.week_start AS "weekStart", g.hour_cycle AS "hourCycle",
        g.language, g.second_time_zone AS "secondTimeZone", g.guide_steps_done AS "guideStepsDone", g.version,
        ${epochMs('(SELECT max(p.proved_at) FROM restore_proofs p)')} AS "lastProvenRestoreAt"
      FROM organizations g WHERE g.id = $1::uuid ${locking === 'lock' ? 'FOR NO KEY UPDATE OF g' : ''}`,
    values: [organizationId],
  });
  const row = rows[0];
  return row && { ...row, lastProvenRestoreAt: row.lastProvenRestoreAt ?? undefined };
}

/** The practice's own country, empty if it named none. */
export async function findCountry(on: Database | Tx, organizationId: string): Promise<string> {
  const rows = await query<{ country: string }>(on, {
    name: 'find_country',
    text: 'SELECT country FROM organizations WHERE id = $1::uuid',
    values: [organizationId],
  });
  return rows[0]?.country ?? '';
}

/** Stores new particulars as the next version; the caller holds the row. */
export async function storePractice(
  tx: Tx,
  organizationId: string,
  particulars: PracticeParticulars,
  version: number,
): Promise<void> {
  await query(tx, {
    text: `UPDATE organizations SET name = $2, country = $3, week_start = $4, hour_cycle = $5, language = $6,
        second_time_zone = $7, guide_steps_done = $8::text[], version = $9 WHERE id = $1::uuid`,
    values: [
      organizationId,
      particulars.name,
      particulars.country,
      particulars.weekStart,
      particulars.hourCycle,
      particulars.language,
      particulars.secondTimeZone,
      particulars.guideStepsDone,
      version,
    ],
  });
}
