import type { Interval } from '../engine/availability.ts';
import type { Account, Booking, EventType } from '../engine/types.ts';
import { escape, inZone, wrapPage } from './html.ts';

/** What the booking page of one event type shows. `date` is a day of `zone`; `move` the booking that is being moved. */
export type BookingPage = {
  account: Account;
  eventType: EventType;
  zone: string;
  date: string;
  length: number;
  times: Interval[];
  /** The next days with free times, from today on. */
  days: string[];
  move?: Booking | undefined;
  fault?: string | undefined;
  /** What was typed before a refusal. */
  typed: Record<string, string>;
};

function dayName(date: string): string {
  const form = { weekday: 'short', day: 'numeric', month: 'short', timeZone: 'UTC' } as const;
  return new Intl.DateTimeFormat('en-GB', form).format(new Date(`${date}T00:00:00Z`));
}

function clock(epoch: number, zone: string): string {
  const form = { hour: '2-digit', minute: '2-digit', timeZone: zone } as const;
  return new Intl.DateTimeFormat('en-GB', form).format(new Date(epoch));
}

function notice(fault: string | undefined): string {
  return fault === undefined ? '' : `<p class="refusal" role="alert">${escape(fault)}</p>`;
}

function field(name: string, label: string, attributes: string, value: string): string {
  return `<p class="field"><label for="${escape(name)}">${escape(label)}</label>
<input id="${escape(name)}" name="${escape(name)}" value="${escape(value)}" ${attributes}></p>`;
}

function chosen(page: BookingPage, date: string): string {
  const query = new URLSearchParams({ date, length: String(page.length), zone: page.zone });
  if (page.move !== undefined) query.set('move', page.move.uid);
  return `/${encodeURIComponent(page.account.username)}/${encodeURIComponent(page.eventType.slug)}?${query.toString()}`;
}

function dayChooser(page: BookingPage): string {
  const links = page.days.map(
    (date) =>
      `<li><a href="${escape(chosen(page, date))}"${date === page.date ? ' aria-current="date"' : ''}>${dayName(date)}</a></li>`,
  );
  const options = page.eventType.lengthInMinutesOptions ?? [page.eventType.lengthInMinutes];
  const lengths = options.map(
    (length) => `<option value="${length}"${length === page.length ? ' selected' : ''}>${length} minutes</option>`,
  );
  const lengthField =
    options.length < 2 || page.move !== undefined
      ? `<input type="hidden" name="length" value="${page.length}">`
      : `<p class="field"><label for="length">Length</label><select id="length" name="length">${lengths.join('')}</select></p>`;
  const move = page.move === undefined ? '' : `<input type="hidden" name="move" value="${escape(page.move.uid)}">`;
  return `<section aria-labelledby="day"><h2 id="day">Day</h2>
<ul class="days">${links.join('') || '<li class="soft">No free times in the next weeks.</li>'}</ul>
<form method="get" class="line">${lengthField}${move}<input type="hidden" name="zone" value="${escape(page.zone)}">
${field('date', 'Another day', 'type="date" required', page.date)}<button class="quiet">Show times</button></form></section>`;
}

function timeChoice(page: BookingPage): string {
  const items = page.times.map((slot) => {
    const start = new Date(slot.start).toISOString();
    const checked = page.typed['start'] === start ? ' checked' : '';
    return `<label class="time-choice"><input type="radio" name="start" value="${start}" required${checked}> ${clock(slot.start, page.zone)}</label>`;
  });
  const legend = `Time on ${dayName(page.date)} <span class="soft">(${escape(page.zone)})</span>`;
  return `<fieldset><legend>${legend}</legend>${items.join('') || '<p class="empty">No free times on this day.</p>'}</fieldset>`;
}

function personFields(page: BookingPage): string {
  if (page.move !== undefined)
    return field('reason', 'Reason (optional)', 'autocomplete="off"', page.typed['reason'] ?? '');
  const own = page.eventType.customFields.filter((one) => !one.isDefault);
  const custom = own.map((one) => {
    const name = `field-${one.slug}`;
    return field(
      name,
      typeof one['label'] === 'string' ? one['label'] : one.slug,
      one.required === true ? 'required' : '',
      page.typed[name] ?? '',
    );
  });
  return [
    field('name', 'Your name', 'required autocomplete="name"', page.typed['name'] ?? ''),
    field('email', 'Your e-mail', 'type="email" required autocomplete="email"', page.typed['email'] ?? ''),
    ...custom,
    field('notes', 'Notes (optional)', 'autocomplete="off"', page.typed['notes'] ?? ''),
  ].join('');
}

/** The page on which a customer chooses a time and books it, or moves a booking. */
export function renderBookingPage(page: BookingPage): string {
  const { account, eventType, move } = page;
  const title = move === undefined ? `${eventType.title} with ${account.name}` : `Move ${eventType.title}`;
  const about =
    move === undefined
      ? `<p class="soft">${page.length} minutes${eventType.description === '' ? '' : ` · ${escape(eventType.description)}`}</p>`
      : `<p class="soft">Now ${escape(inZone(move.start, page.zone))}</p>`;
  const hidden = `<input type="hidden" name="zone" value="${escape(page.zone)}"><input type="hidden" name="length" value="${page.length}">
<input type="hidden" name="date" value="${page.date}">${move === undefined ? '' : `<input type="hidden" name="move" value="${escape(move.uid)}">`}`;
  const button = page.times.length === 0 ? '' : `<button>${move === undefined ? 'Book' : 'Move'}</button>`;
  const form = `<section><form method="post">${hidden}${timeChoice(page)}${personFields(page)}${button}</form></section>`;
  return wrapPage(title, `${about}${notice(page.fault)}${dayChooser(page)}${form}`);
}

/** The public event types of one account. */
export function renderProfile(account: Account, eventTypes: EventType[]): string {
  const items = eventTypes.map((eventType) => {
    const href = `/${encodeURIComponent(account.username)}/${encodeURIComponent(eventType.slug)}`;
    return `<li><a href="${escape(href)}">${escape(eventType.title)}</a> <span class="soft">${eventType.lengthInMinutes} min</span></li>`;
  });
  const list = items.length === 0 ? '<p class="empty">Nothing can be booked here.</p>' : `<ul>${items.join('')}</ul>`;
  return wrapPage(account.name, `<section><h2>What would you like to book?</h2>${list}</section>`);
}

const STATUS_WORDS: Record<Booking['status'], string> = {
  accepted: 'This meeting is booked.',
  pending: 'This meeting waits for confirmation.',
  cancelled: 'This meeting is cancelled.',
  rejected: 'This meeting was declined.',
};

function button(action: string, label: string, quiet: boolean, extra = ''): string {
  return `<form method="post" action="${escape(action)}" class="line">${extra}<button${quiet ? ' class="quiet"' : ''}>${escape(label)}</button></form>`;
}

function actions(booking: Booking, account: Account, ended: boolean): string {
  if ((booking.status !== 'accepted' && booking.status !== 'pending') || ended) return '';
  const own = `/booking/${encodeURIComponent(booking.uid)}`;
  const move = new URLSearchParams({ move: booking.uid }).toString();
  const page = `/${encodeURIComponent(account.username)}/${encodeURIComponent(booking.eventTypeSlug)}?${move}`;
  const seats = booking.attendees.flatMap((attendee) =>
    attendee.seat === undefined ? [] : [`<option value="${attendee.seat.seatUid}">${escape(attendee.name)}</option>`],
  );
  const seat =
    seats.length === 0
      ? ''
      : `<p class="field"><label for="seatUid">Seat</label><select id="seatUid" name="seatUid">${seats.join('')}</select></p>`;
  const customer = `<section><h2>Change it</h2>${seats.length > 0 ? '' : `<p><a href="${escape(page)}">Move to another time</a></p>`}
${button(`${own}/cancel`, 'Cancel the booking', true, seat + field('reason', 'Reason (optional)', 'autocomplete="off"', ''))}</section>`;
  const pay = booking.paid === false ? `<section><h2>Payment</h2>${button(`${own}/pay`, 'Pay', false)}</section>` : '';
  const host =
    booking.status === 'pending' && booking.paid !== false
      ? `<section><h2>As ${escape(account.name)}</h2>${button(`${own}/confirm`, 'Confirm', false)}${button(`${own}/decline`, 'Decline', true)}</section>`
      : '';
  return pay + host + customer;
}

/** The page of one booking, on which it can be moved, cancelled, paid and, as its owner, confirmed or declined. */
export function renderBooking(
  booking: Booking,
  given: { account: Account; ended: boolean; fault?: string | undefined },
): string {
  const zone = booking.attendees[0]?.timeZone ?? given.account.timeZone;
  const minutes = (Date.parse(booking.end) - Date.parse(booking.start)) / 60_000;
  const people = booking.attendees.map(
    (attendee) => `${escape(attendee.name)} <span class="soft">${escape(attendee.email)}</span>`,
  );
  const moved =
    booking.rescheduledToUid === undefined
      ? ''
      : `<p>It was moved: <a href="/booking/${encodeURIComponent(booking.rescheduledToUid)}">see the new time</a>.</p>`;
  const reason =
    booking.cancellationReason === '' ? '' : `<dt>Reason</dt><dd>${escape(booking.cancellationReason)}</dd>`;
  const facts = `<section><p role="status"><strong>${STATUS_WORDS[booking.status]}</strong></p>${moved}
<dl><dt>When</dt><dd>${escape(inZone(booking.start, zone))} <span class="soft">${minutes} min, ${escape(zone)}</span></dd>
<dt>Who</dt><dd>${people.join('<br>')}</dd>${reason}<dt>Number</dt><dd><code>${escape(booking.uid)}</code></dd></dl></section>`;
  return wrapPage(booking.title, notice(given.fault) + facts + actions(booking, given.account, given.ended));
}
