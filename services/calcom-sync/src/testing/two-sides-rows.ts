import type { CalendarLink, Wanted } from '../domain/calendar-link.ts';
import type { Ours } from '../inbound/decide.ts';
import type { Appointment } from './two-sides-scheduling.ts';

/** A row of the model's ledger; `number` counts rows as they came. */
export type Row = { number: number; link: CalendarLink; doneVersion: number };

const attendee = { customerId: 'c', name: 'n', email: '', timeZone: '' };

/** What an appointment wants of the calendar. */
export function wantedOf({ version, present, start, minutes }: Appointment): Wanted {
  return { version, presence: present ? 'present' : 'absent', start, minutes, attendee };
}

/** A row as the decisions see it. */
export function oursOf({ link, doneVersion }: Row): Ours {
  const { wanted, standing, attempted } = link;
  return {
    presence: wanted.presence,
    status: 'scheduled',
    start: wanted.start,
    minutes: wanted.minutes,
    standing,
    standingNoShow: false,
    attempted: attempted !== undefined,
    pushed: doneVersion === wanted.version,
  };
}
