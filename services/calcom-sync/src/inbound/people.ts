import type { LinkRow } from '../db/link-row.ts';
import type { TheirBooking } from '../targets/target.ts';

/** Longer lists are cut: a line of notes is read by people. */
const LONGEST = 1000;

/**
 * The line of an appointment's notes that says who comes besides its customer, or in place of one who gave the seat up;
 * empty when only the customer comes.
 */
export function peopleLine({ attendees }: Pick<TheirBooking, 'attendees'>, customer: { name: string; email: string }) {
  const isCustomer = ({ name, email }: { name: string; email: string }): boolean =>
    (customer.email !== '' && email.toLowerCase() === customer.email.toLowerCase()) || name === customer.name;
  const own = attendees.findIndex(isCustomer);
  const others = attendees.filter((_, index) => index !== own).map(({ name, email }) => name || email);
  if (others.length === 0) return '';
  return `${own < 0 ? 'Coming instead' : 'Also coming'}: ${others.join(', ')}`
    .replaceAll(/\s+/g, ' ')
    .slice(0, LONGEST);
}

/** The line as a booking says it now; what we made has one attendee, of whom nothing is to be told. */
export function peopleOf(row: LinkRow, booking: TheirBooking): string {
  if (!row.madeThere || !booking.active) return row.people;
  return peopleLine(booking, { name: row.customerName, email: row.link.wanted.attendee.email });
}
