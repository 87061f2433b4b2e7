import { type Database, query, type Tx } from '@daybook/runtime/postgres';
import type { Reservation } from '../domain/closed-times.ts';
import type { Conflict } from '../domain/errors.ts';
import type { Interval } from '../domain/interval.ts';
import { epochMs, toSqlInstant } from './sql-values.ts';

/**
 * Reserved time of a provider that touches a span, with buffers, ascending; expired holds count as free.
 * The overlap condition runs on the constraint's own index, so that history does not slow it.
 * @param exceptId an appointment or block whose own time counts as free; empty: none
 */
export async function listBusy(
  on: Database | Tx,
  providerId: string,
  span: Interval,
  exceptId = '',
): Promise<Interval[]> {
  const except = exceptId !== '';
  const own = `AND r.id <> $4::uuid
    AND r.id IS DISTINCT FROM (SELECT a.reservation_id FROM appointments a WHERE a.id = $4::uuid)`;
  const values = [providerId, toSqlInstant(span.start), toSqlInstant(span.end)];
  return query<Interval>(on, {
    name: except ? 'list_busy_except' : 'list_busy',
    text: `SELECT ${epochMs('lower(r.occupies)')} AS start, ${epochMs('upper(r.occupies)')} AS end FROM reservations r
      WHERE r.provider_id = $1::uuid AND r.occupies && tstzrange($2::timestamptz, $3::timestamptz, '[)')
        AND (r.expires_at IS NULL OR r.expires_at > now()) ${except ? own : ''} ORDER BY lower(r.occupies)`,
    values: except ? [...values, exceptId] : values,
  });
}

type ReservationRow = {
  kind: Reservation['kind'];
  start: number;
  end: number;
  occupiesStart: number;
  occupiesEnd: number;
  id: string | null;
  label: string | null;
};

/** Reserved time of a provider that touches a span, ascending, with what it is for; expired holds count as free. */
export async function listReservations(on: Database | Tx, providerId: string, span: Interval): Promise<Reservation[]> {
  const rows = await query<ReservationRow>(on, {
    name: 'list_reservations',
    text: `SELECT r.kind, ${epochMs('lower(r.during)')} AS start, ${epochMs('upper(r.during)')} AS end,
        ${epochMs('lower(r.occupies)')} AS "occupiesStart", ${epochMs('upper(r.occupies)')} AS "occupiesEnd",
        coalesce(a.id, b.reservation_id) AS id, coalesce(c.name, b.title) AS label FROM reservations r
      LEFT JOIN appointments a ON a.reservation_id = r.id LEFT JOIN customers c ON c.id = a.customer_id
      LEFT JOIN blocks b ON b.reservation_id = r.id
      WHERE r.provider_id = $1::uuid AND r.occupies && tstzrange($2::timestamptz, $3::timestamptz, '[)')
        AND (r.expires_at IS NULL OR r.expires_at > now()) ORDER BY lower(r.occupies)`,
    values: [providerId, toSqlInstant(span.start), toSqlInstant(span.end)],
  });
  return rows.map(({ kind, start, end, occupiesStart, occupiesEnd, id, label }) => ({
    kind,
    during: { start, end },
    occupies: { start: occupiesStart, end: occupiesEnd },
    id: id ?? '',
    label: label ?? '',
  }));
}

type ConflictRow = {
  kind: Conflict['kind'];
  start: Date;
  end: Date;
  id: string | null;
  label: string | null;
};

/**
 * What stands first in a stretch of a provider's time; undefined when nothing does (any more).
 * @param exceptId the appointment or block that wants the stretch; empty: none
 */
export async function findConflict(
  on: Database | Tx,
  providerId: string,
  stretch: Interval,
  exceptId: string,
): Promise<Conflict | undefined> {
  const rows = await query<ConflictRow>(on, {
    name: 'find_conflict',
    text: `SELECT r.kind, lower(r.during) AS start, upper(r.during) AS end, coalesce(a.id, b.reservation_id) AS id,
        coalesce(c.name, b.title) AS label FROM reservations r
      LEFT JOIN appointments a ON a.reservation_id = r.id LEFT JOIN customers c ON c.id = a.customer_id
      LEFT JOIN blocks b ON b.reservation_id = r.id
      WHERE r.provider_id = $1::uuid AND r.occupies && tstzrange($2::timestamptz, $3::timestamptz, '[)')
        AND a.id::text IS DISTINCT FROM $4 AND r.id::text <> $4 ORDER BY lower(r.during) LIMIT 1`,
    values: [providerId, toSqlInstant(stretch.start), toSqlInstant(stretch.end), exceptId],
  });
  const row = rows[0];
  if (!row) return undefined;
  return {
    kind: row.kind,
    start: row.start.toISOString(),
    end: row.end.toISOString(),
    ...(row.id === null ? {} : { id: row.id }),
    ...(row.label ? { label: row.label } : {}),
  };
}

/** Removes a provider's expired holds in a stretch; the caller holds the provider's lock. Answers how many went. */
export async function removeExpiredHolds(tx: Tx, providerId: string, stretch: Interval): Promise<number> {
  const rows = await query(tx, {
    text: `DELETE FROM reservations WHERE provider_id = $1::uuid AND kind = 'hold' AND expires_at <= now()
      AND occupies && tstzrange($2::timestamptz, $3::timestamptz, '[)') RETURNING id`,
    values: [providerId, toSqlInstant(stretch.start), toSqlInstant(stretch.end)],
  });
  return rows.length;
}

/** Providers that have expired holds, for the retention job. */
export async function listProvidersWithExpiredHolds(on: Database): Promise<string[]> {
  const rows = await query<{ id: string }>(on, {
    text: `SELECT DISTINCT provider_id AS id FROM reservations WHERE kind = 'hold' AND expires_at <= now()`,
  });
  return rows.map((row) => row.id);
}
