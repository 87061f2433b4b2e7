import { query, type Database } from '@daybook/runtime/postgres';
import type { TypeOffer } from '../domain/type-offer.ts';

/** An appointment to come that a calendar is to show; instants are epoch milliseconds. */
export type PlannedAppointment = {
  appointmentId: string;
  start: number;
  minutes: number;
  customerName: string;
  hasAddress: boolean;
  /** Empty: nothing is known to stand there. */
  standingUid: string;
};

/** What our side of a connection wants shown. */
export type WantedThere = {
  appointments: PlannedAppointment[];
  types: { id: string; offer: TypeOffer; eventTypeId: string }[];
  schedules: { providerId: string; name: string; scheduleId: string }[];
};

/** Everything a connection is to show from now on. */
export async function readWantedThere(db: Database, connectionId: string): Promise<WantedThere> {
  const [appointments, types, schedules] = await Promise.all([
    query<{ id: string; start: Date; minutes: number; name: string | null; email: string | null; uid: string | null }>(
      db,
      {
        text: `SELECT appointment_id AS id, wanted_start AS start, wanted_minutes AS minutes, attendee ->> 'name' AS name,
               attendee ->> 'email' AS email, standing_uid AS uid
             FROM calendar_links WHERE connection_id = $1 AND wanted_presence = 'present' AND wanted_version > 0
               AND wanted_start > now()
             ORDER BY wanted_start, appointment_id`,
        values: [connectionId],
      },
    ),
    query<{ id: string; wanted: TypeOffer; event_type_id: string }>(db, {
      text: `SELECT appointment_type_id AS id, wanted, event_type_id FROM event_type_links WHERE connection_id = $1
             ORDER BY wanted ->> 'name', appointment_type_id`,
      values: [connectionId],
    }),
    query<{ provider_id: string; schedule_name: string; schedule_id: string }>(db, {
      text: `SELECT provider_id, schedule_name, schedule_id FROM availability_links WHERE connection_id = $1
             ORDER BY schedule_name`,
      values: [connectionId],
    }),
  ]);
  return {
    appointments: appointments.map((row) => ({
      appointmentId: row.id,
      start: row.start.getTime(),
      minutes: row.minutes,
      customerName: row.name ?? '',
      hasAddress: (row.email ?? '') !== '',
      standingUid: row.uid ?? '',
    })),
    types: types.map((row) => ({ id: row.id, offer: row.wanted, eventTypeId: row.event_type_id })),
    schedules: schedules.map((row) => ({
      providerId: row.provider_id,
      name: row.schedule_name,
      scheduleId: row.schedule_id,
    })),
  };
}
