import express from 'express';
import type { Request, Response, Router } from 'express';
import { confirmBooking, declineBooking } from '../api/booking-decisions.ts';
import { cancelBooking, createBooking, rescheduleBooking } from '../api/bookings.ts';
import { payBooking } from '../api/payments.ts';
import { listSlots } from '../engine/availability.ts';
import { findBooking } from '../engine/bookings.ts';
import { accountOf } from '../engine/store.ts';
import type { Account, Booking, EventType } from '../engine/types.ts';
import { settleOutcome } from '../http/dispatch.ts';
import type { Deps } from '../http/dispatch.ts';
import { ApiFailure } from '../http/errors.ts';
import { requestFor } from '../http/request.ts';
import type { ApiOutcome } from '../http/request.ts';
import { isRecord, isZoneName } from '../http/validation.ts';
import { renderBooking, renderBookingPage, renderProfile } from './customer-views.ts';
import type { BookingPage } from './customer-views.ts';
import { wrapPage } from './html.ts';

const DAYS_SHOWN = 7;
const DAYS_LOOKED_AT = 28;

/** The filled-in fields of a form or query; what was left empty is absent. */
function fieldsOf(value: unknown): Record<string, string> {
  if (!isRecord(value)) return {};
  const filled = Object.entries(value).filter(
    (entry): entry is [string, string] => typeof entry[1] === 'string' && entry[1].trim() !== '',
  );
  return Object.fromEntries(filled.map(([name, text]) => [name, text.trim()]));
}

function notFound(res: Response): void {
  res.status(404).type('html').send(wrapPage('Nothing is here', '<p>There is no such page.</p>'));
}

function findOffer(deps: Deps, req: Request): { account: Account; eventType: EventType } | null {
  const { state } = deps.world;
  const account = state.users.find((user) => user.username === req.params['username']);
  const eventType = state.eventTypes.find(
    (candidate) => candidate.ownerId === account?.id && candidate.slug === req.params['slug'],
  );
  return account === undefined || eventType === undefined ? null : { account, eventType };
}

function isDate(text: string | undefined): text is string {
  const time = Date.parse(`${text ?? ''}T00:00:00Z`);
  return !Number.isNaN(time) && new Date(time).toISOString().slice(0, 10) === text;
}

function dayOf(epoch: number, zone: string): string {
  return Temporal.Instant.fromEpochMilliseconds(epoch).toZonedDateTimeISO(zone).toPlainDate().toString();
}

/** Gathers what the page of an event type shows, from what was asked for; nonsense falls back to what is offered. */
function bookingPage(
  deps: Deps,
  offer: { account: Account; eventType: EventType },
  typed: Record<string, string>,
  fault?: string,
): BookingPage {
  const { world } = deps;
  const { account, eventType } = offer;
  const zone = isZoneName(typed['zone']) ? typed['zone'] : account.timeZone;
  const move = typed['move'] === undefined ? undefined : findBooking(world.state, typed['move']);
  const asked = Number(typed['length']);
  const offered = eventType.lengthInMinutesOptions ?? [];
  const moved = move === undefined ? undefined : (Date.parse(move.end) - Date.parse(move.start)) / 60_000;
  const length = moved ?? (offered.includes(asked) ? asked : eventType.lengthInMinutes);
  const now = world.now().getTime();
  const query = { now, length, ignoreUid: move?.uid };
  const soon = listSlots(world.state, eventType, { ...query, from: now, to: now + DAYS_LOOKED_AT * 86_400_000 });
  const days = [...new Set(soon.map((slot) => dayOf(slot.start, zone)))].slice(0, DAYS_SHOWN);
  const date = isDate(typed['date']) ? typed['date'] : (days[0] ?? dayOf(now, zone));
  const first = Temporal.PlainDate.from(date).toZonedDateTime(zone);
  const [from, to] = [first.epochMilliseconds, first.add({ days: 1 }).epochMilliseconds - 1];
  const times = listSlots(world.state, eventType, { ...query, from, to });
  return { account, eventType, zone, date, length, times, days, move, fault, typed };
}

function createBody(eventType: EventType, typed: Record<string, string>, page: BookingPage): Record<string, unknown> {
  const answers = Object.entries(typed)
    .filter(([name]) => name.startsWith('field-') || name === 'notes')
    .map(([name, text]) => [name.replace(/^field-/, ''), text]);
  return {
    start: typed['start'],
    eventTypeId: eventType.id,
    attendee: { name: typed['name'] ?? '', email: typed['email'] ?? '', timeZone: page.zone },
    bookingFieldsResponses: Object.fromEntries(answers) as Record<string, unknown>,
    ...(eventType.lengthInMinutesOptions === null ? {} : { lengthInMinutes: page.length }),
  };
}

/** Books or moves, as the customer does it: without any credential. */
function book(deps: Deps, page: BookingPage): ApiOutcome {
  const { typed, move, eventType } = page;
  if (move === undefined) return createBooking(requestFor(deps.world, { body: createBody(eventType, typed, page) }));
  const body = {
    start: typed['start'],
    rescheduledBy: move.attendees[0]?.email,
    ...(typed['reason'] === undefined ? {} : { reschedulingReason: typed['reason'] }),
  };
  return rescheduleBooking(requestFor(deps.world, { params: { bookingUid: move.uid }, body }));
}

/** What each button of a booking's page does. */
function act(deps: Deps, booking: Booking, action: string, typed: Record<string, string>): ApiOutcome | null {
  const { world } = deps;
  const given = { params: { bookingUid: booking.uid } };
  const reason = typed['reason'];
  if (action === 'pay') return payBooking(requestFor(world, given), booking);
  const owner = accountOf(world.state, booking.hostId);
  if (action === 'confirm') return confirmBooking(requestFor(world, { ...given, caller: owner }));
  if (action === 'decline') {
    return declineBooking(requestFor(world, { ...given, caller: owner, body: reason === undefined ? {} : { reason } }));
  }
  if (action !== 'cancel') return null;
  const body = {
    ...(reason === undefined ? {} : { cancellationReason: reason }),
    ...(typed['seatUid'] === undefined ? {} : { seatUid: typed['seatUid'] }),
  };
  const person = booking.attendees[0]?.email;
  return cancelBooking(requestFor(world, { ...given, body, ...(person === undefined ? {} : { actor: person }) }));
}

function refusal(error: unknown): { status: number; fault: string } {
  if (!(error instanceof ApiFailure)) throw error;
  return { status: error.status, fault: error.message };
}

/** Forms of another site must not book here through a visitor's browser. */
function isForeign(req: Request): boolean {
  const origin = req.get('origin');
  return origin !== undefined && origin !== `http://${req.get('host') ?? ''}`;
}

function sendBooking(deps: Deps, res: Response, booking: Booking, problem?: { status: number; fault: string }): void {
  const account = accountOf(deps.world.state, booking.hostId);
  const ended = Date.parse(booking.end) <= deps.world.now().getTime();
  res
    .status(problem?.status ?? 200)
    .type('html')
    .send(renderBooking(booking, { account, ended, fault: problem?.fault }));
}

/** The pages on which one plays the customer: `/{user}`, `/{user}/{event type}` and `/booking/{uid}`. All work without script. */
export function createCustomerRouter(deps: Deps): Router {
  const router = express.Router();
  router.use(express.urlencoded({ extended: false, limit: '20kb', parameterLimit: 50 }), (req, res, next) => {
    if (req.method !== 'GET' && isForeign(req)) return void res.status(403).send('forms of other sites are refused');
    next();
  });
  router.get('/booking/:uid', (req, res) => {
    const booking = findBooking(deps.world.state, req.params.uid);
    if (booking === undefined) return notFound(res);
    sendBooking(deps, res, booking);
  });
  router.post('/booking/:uid/:action', async (req, res) => {
    const booking = findBooking(deps.world.state, req.params.uid);
    if (booking === undefined) return notFound(res);
    try {
      const outcome = act(deps, booking, req.params.action, fieldsOf(req.body));
      if (outcome === null) return notFound(res);
      const { afterwards } = await settleOutcome(deps, outcome);
      res.redirect(303, `/booking/${encodeURIComponent(booking.uid)}`);
      afterwards?.();
    } catch (error) {
      sendBooking(deps, res, booking, refusal(error));
    }
  });
  router.get('/:username', (req, res) => {
    const account = deps.world.state.users.find((user) => user.username === req.params.username);
    if (account === undefined) return notFound(res);
    const offered = deps.world.state.eventTypes.filter((type) => type.ownerId === account.id && !type.hidden);
    res.type('html').send(renderProfile(account, offered));
  });
  router.get('/:username/:slug', (req, res) => {
    const offer = findOffer(deps, req);
    if (offer === null) return notFound(res);
    const query = new URL(req.originalUrl, 'http://sandbox').searchParams;
    res.type('html').send(renderBookingPage(bookingPage(deps, offer, fieldsOf(Object.fromEntries(query)))));
  });
  router.post('/:username/:slug', async (req, res) => {
    const offer = findOffer(deps, req);
    if (offer === null) return notFound(res);
    const typed = fieldsOf(req.body);
    try {
      const settled = await settleOutcome(deps, book(deps, bookingPage(deps, offer, typed)));
      const { uid } = settled.body['data'] as { uid: string };
      res.redirect(303, `/booking/${encodeURIComponent(uid)}`);
      settled.afterwards?.();
    } catch (error) {
      const { status, fault } = refusal(error);
      res
        .status(status)
        .type('html')
        .send(renderBookingPage(bookingPage(deps, offer, typed, fault)));
    }
  });
  return router;
}
