import type { LoggedRequest } from '../admin/request-log.ts';
import { accountOf } from '../engine/store.ts';
import type { Booking, EventType, SandboxState, Schedule } from '../engine/types.ts';
import type { Deps } from '../http/dispatch.ts';
import { escape, inZone } from './html.ts';
import { PAGE_STYLE } from './style.ts';

const LAST_REQUESTS = 25;
const MOST_BOOKINGS = 200;

function bookingRow(booking: Booking, zone: string): string {
  const attendee = booking.attendees[0];
  const minutes = (Date.parse(booking.end) - Date.parse(booking.start)) / 60_000;
  const moved =
    booking.rescheduledToUid === undefined
      ? ''
      : ` <span class="soft">moved to</span> <code class="uid">${escape(booking.rescheduledToUid)}</code>`;
  return `<tr>
<td class="time">${escape(inZone(booking.start, zone))} <span class="soft">${minutes} min</span></td>
<td><span class="mark ${booking.status}">${booking.status}</span></td>
<td class="full">${escape(attendee?.name ?? '')} <span class="soft">${escape(attendee?.email ?? '')}</span></td>
<td class="full slug">${escape(booking.eventTypeSlug)}</td>
<td class="full"><a href="/booking/${encodeURIComponent(booking.uid)}"><code class="uid">${escape(booking.uid)}</code></a>${moved}</td></tr>`;
}

function bookingTable(bookings: Booking[], zone: string): string {
  const head = '<thead><tr><th>Start</th><th>Status</th><th>Attendee</th><th>Event type</th><th>Uid</th></tr></thead>';
  const rows = bookings.slice(0, MOST_BOOKINGS).map((booking) => bookingRow(booking, zone));
  const more =
    bookings.length > MOST_BOOKINGS ? `<p class="empty">and ${bookings.length - MOST_BOOKINGS} more</p>` : '';
  return `<table class="wide">${head}<tbody>${rows.join('')}</tbody></table>${more}`;
}

function folded(id: string, title: string, bookings: Booking[], zone: string): string {
  if (bookings.length === 0) return '';
  return `<details id="${id}"><summary>${title} (${bookings.length})</summary>${bookingTable(bookings, zone)}</details>`;
}

function bookingsSection(state: SandboxState, zone: string, now: number): string {
  const sorted = state.bookings.toSorted((a, b) => a.start.localeCompare(b.start));
  const living = sorted.filter((booking) => booking.status === 'accepted' || booking.status === 'pending');
  const upcoming = living.filter((booking) => Date.parse(booking.end) > now);
  const past = living.filter((booking) => Date.parse(booking.end) <= now).reverse();
  const dead = sorted.filter((booking) => !living.includes(booking)).reverse();
  const list = upcoming.length > 0 ? bookingTable(upcoming, zone) : '<p class="empty">No upcoming bookings.</p>';
  return `<section><h2>Upcoming bookings</h2>${list}
${folded('past', 'Past', past, zone)}${folded('cancelled', 'Cancelled and moved', dead, zone)}</section>`;
}

function scheduleItem(state: SandboxState, schedule: Schedule): string {
  const isDefault = accountOf(state, schedule.ownerId).defaultScheduleId === schedule.id;
  const hours = schedule.availability.map(
    (row) =>
      `<p>${escape(row.days.map((day) => day.slice(0, 3)).join(', '))} <span class="time">${row.startTime}–${row.endTime}</span></p>`,
  );
  const overrides = schedule.overrides
    .toSorted((a, b) => a.date.localeCompare(b.date))
    .map(
      (row) =>
        `<p class="time">${row.date} ${row.startTime === row.endTime ? 'closed' : `${row.startTime}–${row.endTime}`}</p>`,
    );
  const extra =
    overrides.length === 0
      ? ''
      : `<details id="overrides-${schedule.id}"><summary>${overrides.length} date overrides</summary>${overrides.join('')}</details>`;
  return `<li><strong>${escape(schedule.name)}</strong> <code>${schedule.id}</code>${isDefault ? ' <span class="mark">default</span>' : ''}
<p class="soft">${escape(schedule.timeZone)}</p>${hours.join('') || '<p class="soft">no weekly hours</p>'}${extra}</li>`;
}

function eventTypeItem(state: SandboxState, eventType: EventType): string {
  const href = `/${encodeURIComponent(accountOf(state, eventType.ownerId).username)}/${encodeURIComponent(eventType.slug)}`;
  const lengths = (eventType.lengthInMinutesOptions ?? [eventType.lengthInMinutes]).join(', ');
  return `<li><strong><a href="${escape(href)}">${escape(eventType.title)}</a></strong> <code>${eventType.id}</code>${eventType.hidden ? ' <span class="mark">hidden</span>' : ''}
<p class="soft">${escape(eventType.slug)} · ${escape(lengths)} min · notice ${eventType.minimumBookingNotice} min · buffers ${eventType.beforeEventBuffer}/${eventType.afterEventBuffer}</p></li>`;
}

function requestRow(entry: LoggedRequest): string {
  const status =
    entry.status === null
      ? '<span class="mark failed">no answer</span>'
      : `<span class="mark ${entry.status < 400 ? 'ok' : 'failed'}">${entry.status}</span>`;
  return `<tr><td class="time">${escape(entry.at.slice(11, 23))}</td><td>${status}</td>
<td class="full"><code>${escape(entry.method)} ${escape(entry.path)}</code></td>
<td class="full soft">${escape(entry.operation ?? 'unknown')}${entry.fault === null ? '' : ` · ${escape(entry.fault)}`}</td></tr>`;
}

function requestsSection(deps: Deps): string {
  const last = deps.log.since(null).slice(-LAST_REQUESTS).reverse();
  if (last.length === 0) return '<section><h2>Last requests</h2><p class="empty">None yet.</p></section>';
  const head = '<thead><tr><th>At (UTC)</th><th>Status</th><th>Request</th><th>Operation</th></tr></thead>';
  return `<section><h2>Last requests</h2><table class="wide">${head}<tbody>${last.map(requestRow).join('')}</tbody></table></section>`;
}

function faultsSection(deps: Deps): string {
  const rules = deps.faults.list();
  if (rules.length === 0)
    return '<section><h2>Fault rules</h2><p class="empty">None: the sandbox behaves well.</p></section>';
  const items = rules.map((rule) => {
    const { applied, kind, ...rest } = rule;
    return `<li><span class="mark pending">${escape(kind)}</span> <code>${escape(JSON.stringify(rest))}</code> <span class="soft">applied ${applied}×</span></li>`;
  });
  return `<section class="fault"><h2>Fault rules</h2><ul>${items.join('')}</ul></section>`;
}

/** The whole page as HTML. */
export function renderPage(deps: Deps): string {
  const { state, settings } = deps.world;
  const [account] = state.users;
  const zone = account?.timeZone ?? 'UTC';
  return `<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
<title>Cal.com sandbox</title><style>${PAGE_STYLE}</style><script src="/page.js" type="module"></script></head>
<body><header><h1>Cal.com sandbox<span id="connection" role="status"></span></h1>
<p class="soft">${escape(account?.name ?? '')} · ${escape(account?.username ?? '')} · times in ${escape(zone)}</p></header>
<main>${bookingsSection(state, zone, deps.world.now().getTime())}
<div class="pair"><section><h2>Schedules</h2><ul>${state.schedules.map((schedule) => scheduleItem(state, schedule)).join('')}</ul></section>
<section><h2>Event types</h2><ul>${state.eventTypes.map((one) => eventTypeItem(state, one)).join('')}</ul></section></div>
${faultsSection(deps)}${requestsSection(deps)}
<p class="soft">Profile ${escape(settings.profile)} · ${settings.rateLimitPerMinute} requests a minute · ${state.webhooks.length} webhooks</p></main></body></html>`;
}
