import { type Database, query, type Tx } from '@daybook/runtime/postgres';
import type { Appointment, AppointmentStatus, HistoryEntry } from '../domain/appointment.ts';
import { longestMinutes, type AppointmentType } from '../domain/appointment-type.ts';
import type { Customer } from '../domain/customer.ts';
import type { RecordedSync } from '../domain/sync-state.ts';
import { typeJson } from './appointment-type-repository.ts';
import { customerJson } from './customer-repository.ts';
import { decodeCursor, encodeCursor, epochMs, searchPatterns, toSqlInstant } from './sql-values.ts';
import { syncJson } from './sync-repository.ts';

/** An appointment with what calendar sync said about it and about the connection. */
export type StoredAppointment = {
  readonly appointment: Appointment;
  readonly sync: RecordedSync | undefined;
  readonly connection: 'on' | 'off' | undefined;
};

type AppointmentRow = Omit<Appointment, 'type' | 'customer' | 'arrivedAt'> & {
  type: AppointmentType;
  customer: Customer;
  arrivedAt: number | null;
  sync: (Omit<RecordedSync, 'start' | 'syncedAt'> & { start: number | null; syncedAt: number | null }) | null;
  connection: 'on' | 'off' | null;
};

const columns = `a.id, a.organization_id AS "organizationId", a.provider_id AS "providerId",
  ${epochMs('lower(a.during)')} AS start, ${epochMs('upper(a.during)')} AS end, a.status, a.notes,
  ${epochMs('a.arrived_at')} AS "arrivedAt", a.cancellation_reason AS "cancellationReason", a.override, a.version,
  ${epochMs('a.created_at')} AS "createdAt", ${epochMs('a.updated_at')} AS "updatedAt",
  ${typeJson} AS type, ${customerJson} AS customer, ${syncJson} AS sync, g.sync_connection AS connection`;
const joins = `JOIN appointment_types t ON t.id = a.appointment_type_id JOIN customers c ON c.id = a.customer_id
  JOIN organizations g ON g.id = a.organization_id LEFT JOIN appointment_sync s ON s.appointment_id = a.id`;

/** One appointment of the organisation. */
export async function findAppointment(
  on: Database | Tx,
  organizationId: string,
  id: string,
): Promise<StoredAppointment | undefined> {
  const rows = await query<AppointmentRow>(on, {
    name: 'find_appointment',
    text: `SELECT ${columns} FROM appointments a ${joins} WHERE a.organization_id = $1::uuid AND a.id = $2::uuid`,
    values: [organizationId, id],
  });
  return rows[0] && toStored(rows[0]);
}

/** As findAppointment, with the row locked until the transaction ends; the caller holds the provider's lock. */
export async function lockAppointment(
  tx: Tx,
  organizationId: string,
  id: string,
): Promise<StoredAppointment | undefined> {
  const rows = await query<AppointmentRow>(tx, {
    name: 'lock_appointment',
    text: `SELECT ${columns} FROM appointments a ${joins}
      WHERE a.organization_id = $1::uuid AND a.id = $2::uuid FOR NO KEY UPDATE OF a`,
    values: [organizationId, id],
  });
  return rows[0] && toStored(rows[0]);
}

/** The provider of an appointment, which never changes, so that it can be read before the lock. */
export async function findProviderOfAppointment(
  on: Database | Tx,
  organizationId: string,
  id: string,
): Promise<string | undefined> {
  const rows = await query<{ providerId: string }>(on, {
    name: 'find_provider_of_appointment',
    text: `SELECT provider_id AS "providerId" FROM appointments WHERE organization_id = $1::uuid AND id = $2::uuid`,
    values: [organizationId, id],
  });
  return rows[0]?.providerId;
}

/** The history of an appointment, oldest first. */
export async function listHistory(on: Database | Tx, appointmentId: string): Promise<HistoryEntry[]> {
  return query<HistoryEntry>(on, {
    name: 'list_history',
    text: `SELECT version, action, ${epochMs('at')} AS at, actor, reason, ${epochMs('lower(during)')} AS start,
        ${epochMs('upper(during)')} AS end, status, override FROM appointment_history
      WHERE appointment_id = $1::uuid ORDER BY version`,
    values: [appointmentId],
  });
}

/** What a list of appointments asks for. Instants in epoch milliseconds; empty lists and texts mean all. */
export type AppointmentFilter = {
  readonly organizationId: string;
  readonly from: number | undefined;
  readonly to: number | undefined;
  readonly statuses: readonly AppointmentStatus[];
  readonly providerIds: readonly string[];
  readonly customerId: string;
  readonly words: string;
  readonly limit: number;
  readonly cursor: string;
};

/** Appointments that overlap the range and match, by (start, id). */
export async function listAppointments(
  on: Database | Tx,
  filter: AppointmentFilter,
): Promise<{ appointments: StoredAppointment[]; nextCursor: string } | 'bad-cursor'> {
  const values: unknown[] = [filter.organizationId];
  const bind = (value: unknown): string => `$${values.push(value)}`;
  const conditions = ['a.organization_id = $1::uuid', ...rangeConditions(filter, bind)];
  if (filter.statuses.length > 0) conditions.push(`a.status = ANY (${bind(filter.statuses)}::text[])`);
  if (filter.providerIds.length > 0) conditions.push(`a.provider_id = ANY (${bind(filter.providerIds)}::uuid[])`);
  if (filter.customerId !== '') conditions.push(`a.customer_id = ${bind(filter.customerId)}::uuid`);
  for (const pattern of searchPatterns(filter.words)) conditions.push(`a.search_text LIKE ${bind(pattern)}`);
  if (filter.cursor !== '') {
    const after = decodeCursor(filter.cursor, ['instant', 'id']);
    if (!after) return 'bad-cursor';
    const start = bind(toSqlInstant(after[0] as number));
    conditions.push(`(lower(a.during), a.id) > (${start}::timestamptz, ${bind(after[1])}::uuid)`);
  }
  const rows = await query<AppointmentRow>(on, {
    text: `SELECT ${columns} FROM appointments a ${joins} WHERE ${conditions.join(' AND ')}
      ORDER BY lower(a.during), a.id LIMIT ${bind(filter.limit + 1)}`,
    values,
  });
  const page = rows.slice(0, filter.limit).map(toStored);
  const last = page.at(-1)?.appointment;
  const more = rows.length > filter.limit && last;
  return { appointments: page, nextCursor: more ? encodeCursor([last.start, last.id]) : '' };
}

/** No appointment is longer than the longest, so the start is bounded on both sides and the index serves. */
function rangeConditions(filter: AppointmentFilter, bind: (value: unknown) => string): string[] {
  const conditions: string[] = [];
  if (filter.from !== undefined) {
    const from = bind(toSqlInstant(filter.from));
    conditions.push(`lower(a.during) > ${from}::timestamptz - interval '${longestMinutes} minutes'`);
    conditions.push(`upper(a.during) > ${from}::timestamptz`);
  }
  if (filter.to !== undefined) conditions.push(`lower(a.during) < ${bind(toSqlInstant(filter.to))}::timestamptz`);
  return conditions;
}

/** Times of a provider's scheduled appointments that end after an instant, by start. */
export async function listUpcomingTimes(
  on: Database | Tx,
  organizationId: string,
  providerId: string,
  after: number,
): Promise<{ id: string; start: number; end: number }[]> {
  return query(on, {
    name: 'list_upcoming_times',
    text: `SELECT id, ${epochMs('lower(during)')} AS start, ${epochMs('upper(during)')} AS end FROM appointments
      WHERE organization_id = $1::uuid AND provider_id = $2::uuid AND status = 'scheduled'
        AND lower(during) > $3::timestamptz - interval '${longestMinutes} minutes' AND upper(during) > $3::timestamptz
      ORDER BY lower(during), id`,
    values: [organizationId, providerId, toSqlInstant(after)],
  });
}

/** Several appointments of the organisation, by start. */
export async function findAppointments(
  on: Database | Tx,
  organizationId: string,
  ids: readonly string[],
): Promise<StoredAppointment[]> {
  const rows = await query<AppointmentRow>(on, {
    name: 'find_appointments',
    text: `SELECT ${columns} FROM appointments a ${joins}
      WHERE a.organization_id = $1::uuid AND a.id = ANY ($2::uuid[]) ORDER BY lower(a.during), a.id`,
    values: [organizationId, ids],
  });
  return rows.map(toStored);
}

function toStored(row: AppointmentRow): StoredAppointment {
  const { sync, connection, arrivedAt, ...appointment } = row;
  return {
    appointment: { ...appointment, arrivedAt: arrivedAt ?? undefined },
    sync: sync ? { ...sync, start: sync.start ?? undefined, syncedAt: sync.syncedAt ?? undefined } : undefined,
    connection: connection ?? undefined,
  };
}
