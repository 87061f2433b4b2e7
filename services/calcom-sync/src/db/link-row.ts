import type { Attempt, Attendee, CalendarLink, OursStatus, Standing, Wanted } from '../domain/calendar-link.ts';
import type { LinkState } from '../domain/connection.ts';

/** A row of the ledger with what the engine needs beside the link; times are epoch milliseconds. */
export type LinkRow = {
  link: CalendarLink;
  /** The database's clock as the row was read: what the row's instants are compared with, never with our own. */
  readAt: number;
  connectionId: string;
  organizationId: string;
  state: LinkState;
  changedAt: number;
  syncedAt: number | undefined;
  lookAfter: number | undefined;
  nextAttemptAt: number | undefined;
  attempts: number;
  faults: number;
  started: number;
  finished: number;
  message: string;
  eventVersion: number;
  doneVersion: number;
  /** Made in the outside calendar, and taken in. */
  madeThere: boolean;
  /** The standing booking is marked there as missed by the customer. */
  standingNoShow: boolean;
  /** Who booked, where it was made there; and the line of the notes that says who comes besides, as last told. */
  customerName: string;
  people: string;
  theirsStatus: string;
  /** Where a new booking of this appointment belongs; empty if its type is not mirrored, or does not offer the length. */
  placeOn: string;
  /** Of the change the row waits for. */
  traceparent: string | undefined;
};

/** What every query of rows selects. */
export const linkColumns = 'calendar_links.*, now() AS read_at';

/** A row as linkColumns has it. */
export type StoredLink = {
  read_at: Date;
  connection_id: string;
  appointment_id: string;
  organization_id: string;
  wanted_version: number;
  wanted_presence: Wanted['presence'];
  wanted_start: Date;
  wanted_minutes: number;
  attendee: Attendee;
  changed_at: Date;
  attempt_kind: Attempt['kind'] | null;
  attempt_uid: string | null;
  attempt_version: number | null;
  attempt_start: Date | null;
  attempt_minutes: number | null;
  attempt_looks_left: number | null;
  look_after: Date | null;
  standing_uid: string | null;
  standing_start: Date | null;
  standing_minutes: number | null;
  uids: string[];
  synced_at: Date | null;
  state: LinkState;
  message: string;
  attempts: number;
  faults: number;
  started: number;
  finished: number;
  next_attempt_at: Date | null;
  event_version: number;
  done_version: number;
  ours_status: OursStatus;
  appointment_type_id: string | null;
  made_there: boolean;
  standing_no_show: boolean;
  theirs_status: string;
  theirs_customer_name: string;
  people: string;
  place_on?: string | null;
  traceparent: string | null;
};

/** Reads a stored row. */
export function toRow(row: StoredLink): LinkRow {
  return {
    link: {
      appointmentId: row.appointment_id,
      wanted: {
        version: row.wanted_version,
        presence: row.wanted_presence,
        start: row.wanted_start.getTime(),
        minutes: row.wanted_minutes,
        attendee: row.attendee,
        status: row.ours_status,
        appointmentTypeId: row.appointment_type_id ?? '',
      },
      attempted: toAttempt(row),
      standing: toStanding(row),
      uids: row.uids,
    },
    readAt: row.read_at.getTime(),
    connectionId: row.connection_id,
    organizationId: row.organization_id,
    state: row.state,
    changedAt: row.changed_at.getTime(),
    syncedAt: row.synced_at?.getTime(),
    lookAfter: row.look_after?.getTime(),
    nextAttemptAt: row.next_attempt_at?.getTime(),
    attempts: row.attempts,
    faults: row.faults,
    started: row.started,
    finished: row.finished,
    message: row.message,
    eventVersion: row.event_version,
    doneVersion: row.done_version,
    madeThere: row.made_there,
    standingNoShow: row.standing_no_show,
    customerName: row.theirs_customer_name,
    people: row.people,
    theirsStatus: row.theirs_status,
    placeOn: row.place_on ?? '',
    traceparent: row.traceparent ?? undefined,
  };
}

function toAttempt(row: StoredLink): Attempt | undefined {
  if (row.attempt_kind === null || row.attempt_start === null) return undefined;
  return {
    kind: row.attempt_kind,
    uid: row.attempt_uid ?? '',
    version: row.attempt_version ?? 0,
    start: row.attempt_start.getTime(),
    minutes: row.attempt_minutes ?? 0,
    looksLeft: row.attempt_looks_left ?? 1,
  };
}

function toStanding(row: StoredLink): Standing | undefined {
  if (row.standing_uid === null || row.standing_start === null) return undefined;
  return { uid: row.standing_uid, start: row.standing_start.getTime(), minutes: row.standing_minutes ?? 0 };
}
