import { query, type Database } from '@daybook/runtime/postgres';
import type { LinkState } from '../domain/connection.ts';
import type { LedgerAttempt, LedgerLine } from '../domain/ledger-line.ts';

/** Where a page ended: in which of the two parts of the list, and its last line. */
export type LedgerPosition = { part: 'attention' | 'rest'; updatedAt: string; appointmentId: string };

type StoredLine = {
  appointment_id: string;
  state: LinkState;
  ours_status: string;
  wanted_start: Date;
  wanted_minutes: number;
  ours_name: string | null;
  theirs_status: string;
  theirs_start: Date | null;
  theirs_duration: number | null;
  theirs_customer_name: string;
  uids: string[];
  attempts: number;
  message: string;
  next_attempt_at: Date | null;
  synced_at: Date | null;
  made_there: boolean;
  updated_at: Date;
  exact_updated_at: string;
};

const columns = `l.appointment_id, l.state, l.ours_status, l.wanted_start, l.wanted_minutes, l.attendee ->> 'name' AS ours_name,
  l.theirs_status, l.theirs_start, l.theirs_duration, l.theirs_customer_name, l.uids, l.attempts + l.faults AS attempts,
  l.message, l.next_attempt_at, l.synced_at, l.made_there, l.updated_at, l.updated_at::text AS exact_updated_at`;

/** Lines in need of a person come first, then the others; within each part what changed last. */
const partStates = { attention: ['failed', 'different'], rest: ['waiting', 'in_step'] } as const;

/** A part's lines after a position, newest change first. `states` empty: all. */
export async function listPart(
  db: Database,
  question: {
    organizationId: string;
    part: LedgerPosition['part'];
    states: readonly LinkState[];
    after: LedgerPosition | undefined;
    limit: number;
  },
): Promise<{ line: LedgerLine; position: LedgerPosition }[]> {
  const { organizationId, part, states, after, limit } = question;
  const wanted = partStates[part].filter((state) => states.length === 0 || states.includes(state));
  if (wanted.length === 0) return [];
  const rows = await query<StoredLine>(db, {
    name: 'list-ledger-part',
    text: `SELECT ${columns} FROM calendar_links l
           WHERE l.organization_id = $1 AND l.state = ANY($2)
             AND ($3::timestamptz IS NULL OR (l.updated_at, l.appointment_id) < ($3::timestamptz, $4::uuid))
           ORDER BY l.updated_at DESC, l.appointment_id DESC LIMIT $5`,
    values: [organizationId, wanted, after?.updatedAt ?? null, after?.appointmentId ?? null, limit],
  });
  return rows.map((row) => ({
    line: toLine(row),
    position: { part, updatedAt: row.exact_updated_at, appointmentId: row.appointment_id },
  }));
}

/** How many lines there are of each state. */
export async function countStates(db: Database, organizationId: string): Promise<Record<string, number>> {
  const rows = await query<{ state: string; count: number }>(db, {
    name: 'count-ledger-states',
    text: `SELECT state, count(*)::integer AS count FROM calendar_links WHERE organization_id = $1 GROUP BY state`,
    values: [organizationId],
  });
  return Object.fromEntries(rows.map(({ state, count }) => [state, count]));
}

/** One line. */
export async function findLine(
  db: Database,
  organizationId: string,
  appointmentId: string,
): Promise<LedgerLine | undefined> {
  const [row] = await query<StoredLine>(db, {
    text: `SELECT ${columns} FROM calendar_links l WHERE l.organization_id = $1 AND l.appointment_id = $2`,
    values: [organizationId, appointmentId],
  });
  return row && toLine(row);
}

/** The last tries of an appointment, newest first. */
export async function listAttempts(
  db: Database,
  organizationId: string,
  appointmentId: string,
  limit: number,
): Promise<LedgerAttempt[]> {
  const rows = await query<Omit<LedgerAttempt, 'durationMs'> & { duration_ms: number }>(db, {
    text: `SELECT at, duration_ms, action, outcome, status, message FROM sync_attempts
           WHERE organization_id = $1 AND appointment_id = $2 ORDER BY id DESC LIMIT $3`,
    values: [organizationId, appointmentId, limit],
  });
  return rows.map(({ duration_ms: durationMs, ...rest }) => ({ ...rest, durationMs }));
}

function toLine(row: StoredLine): LedgerLine {
  const present = row.ours_status !== 'absent';
  return {
    appointmentId: row.appointment_id,
    state: row.state,
    ours: {
      status: row.ours_status,
      start: present ? row.wanted_start : undefined,
      minutes: present ? row.wanted_minutes : 0,
      customerName: present ? (row.ours_name ?? '') : '',
    },
    theirs: {
      status: row.theirs_status,
      start: row.theirs_start ?? undefined,
      minutes: row.theirs_duration ?? 0,
      customerName: row.theirs_customer_name,
    },
    externalUid: row.uids[0] ?? '',
    uids: row.uids,
    attempts: Number(row.attempts),
    message: row.message,
    nextAttemptAt: row.next_attempt_at ?? undefined,
    syncedAt: row.synced_at ?? undefined,
    madeThere: row.made_there,
    updatedAt: row.updated_at,
  };
}
