import type pg from 'pg';
import { rowsOf, type DatabaseName } from './databases.ts';

/** Open connections to all three databases. */
export type Clients = Readonly<Record<DatabaseName, pg.Client>>;

/** Each query counts what must not be. */
const rules: Readonly<Record<string, { on: DatabaseName; sql: string }>> = {
  'no two claims on one provider overlap': {
    on: 'scheduling',
    sql: `SELECT count(*) FROM reservations a JOIN reservations b
            ON a.provider_id = b.provider_id AND a.id < b.id AND a.occupies && b.occupies`,
  },
  'every appointment has one line of history per version': {
    on: 'scheduling',
    sql: `SELECT count(*) FROM appointments a WHERE a.version <>
            (SELECT count(*) FROM appointment_history h WHERE h.appointment_id = a.id AND h.version <= a.version)`,
  },
  'every claimed time belongs to an appointment or a block': {
    on: 'scheduling',
    sql: `SELECT count(*) FROM reservations r WHERE
            r.kind = 'appointment' AND NOT EXISTS (SELECT 1 FROM appointments a WHERE a.reservation_id = r.id)
            OR r.kind = 'block' AND NOT EXISTS (SELECT 1 FROM blocks b WHERE b.reservation_id = r.id)`,
  },
  'the events of an appointment have no gap and end at its version': {
    on: 'scheduling',
    sql: `SELECT count(*) FROM appointments a JOIN LATERAL (
            SELECT count(*) AS events, min(aggregate_version) AS first, max(aggregate_version) AS last
            FROM outbox o WHERE o.aggregate_id = a.id) e ON e.events > 0
          WHERE e.last <> a.version OR e.last - e.first + 1 <> e.events`,
  },
  'no booking of an outside calendar stands for two appointments': {
    on: 'calcom_sync',
    sql: `SELECT count(*) FROM (SELECT 1 FROM calendar_links WHERE standing_uid IS NOT NULL
            GROUP BY connection_id, standing_uid HAVING count(*) > 1) AS doubled`,
  },
  'somebody can sign in as owner': {
    on: 'auth',
    sql: `SELECT count(*) FROM organizations o WHERE NOT EXISTS
            (SELECT 1 FROM users u WHERE u.organization_id = o.id AND u.active AND 'owner' = ANY (u.roles))`,
  },
};

const crossRule = 'the ledger of calendar sync is not ahead of the appointments';
const pageSize = 5000;

type LinkVersion = { appointment_id: string; wanted_version: number };

/** Links of appointments that are not there, or not at that version yet. */
async function countLinksAhead({ calcom_sync: ledger, scheduling }: Clients): Promise<number> {
  let ahead = 0;
  let after = '00000000-0000-0000-0000-000000000000';
  for (;;) {
    const links = await rowsOf<LinkVersion>(
      ledger,
      `SELECT appointment_id, max(wanted_version) AS wanted_version FROM calendar_links
       WHERE appointment_id > $1 GROUP BY appointment_id ORDER BY appointment_id LIMIT $2`,
      [after, pageSize],
    );
    const last = links.at(-1);
    if (!last) return ahead;
    after = last.appointment_id;
    const [found] = await rowsOf<{ count: string }>(
      scheduling,
      `SELECT count(*) FROM unnest($1::uuid[], $2::integer[]) AS link (id, version)
       WHERE NOT EXISTS (SELECT 1 FROM appointments a WHERE a.id = link.id AND a.version >= link.version)`,
      [links.map((link) => link.appointment_id), links.map((link) => link.wanted_version)],
    );
    ahead += Number(found?.count ?? 0);
  }
}

/** Counts the faults against each rule; a sound practice has none. Reads only. */
export async function checkInvariants(clients: Clients): Promise<Record<string, number>> {
  const found: Record<string, number> = {};
  for (const [name, { on, sql }] of Object.entries(rules)) {
    const [row] = await rowsOf<{ count: string }>(clients[on], sql);
    found[name] = Number(row?.count ?? 0);
  }
  found[crossRule] = await countLinksAhead(clients);
  return found;
}

/** The rules that do not hold, in words. */
export function describeFaults(invariants: Readonly<Record<string, number>>): string[] {
  return Object.entries(invariants)
    .filter(([, count]) => count > 0)
    .map(([name, count]) => `${name}: ${count} fault(s)`);
}
