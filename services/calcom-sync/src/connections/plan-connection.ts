import { DomainError } from '@daybook/runtime/errors';
import { findSettings } from '../db/connection-settings-repository.ts';
import { readWantedThere, type WantedThere } from '../db/plan-repository.ts';
import type { CalcomClient } from '../targets/calcom/client.ts';
import { readBookings, readEventTypes, readMe, readSchedules } from '../targets/calcom/mapping.ts';
import { openCalcomTarget, type CalcomAccess } from '../targets/calcom/open-target.ts';
import { ALWAYS_OPEN_NAME, EVENT_TYPE_SLUG } from '../targets/calcom/setup.ts';
import { TargetError } from '../targets/target.ts';
import { accessOf, noSuchConnection, type ConnectionContext } from './connection-context.ts';
import { makePlan, type FoundThere, type PlannedStep, type StandingThere } from './make-plan.ts';
import { UnsealableError } from './sealed-secrets.ts';

/** What starting would do: at most five hundred lines, counts of all. */
export type ConnectionPlan = { steps: PlannedStep[]; counts: Record<string, number>; mailNotice: string };

const SHOWN_STEPS = 500;
const PAGE_SIZE = 250;
/** Ten thousand bookings to come; what is beyond is found when the connection is started. */
const MAX_PAGES = 40;

/**
 * Looks at both sides and says what starting would send and take in. It only reads there.
 * @throws DomainError CONNECTION_NOT_FOUND, CONNECTION_UNREACHABLE
 */
export async function planConnection(
  context: ConnectionContext,
  organizationId: string,
  connectionId: string,
): Promise<ConnectionPlan> {
  const { database } = context;
  const settings = await findSettings(database, organizationId, connectionId);
  const access = settings && settings.connection.state !== 'off' ? openAccess(context, settings) : undefined;
  if (!access) throw noSuchConnection();
  const opened = openCalcomTarget(access, () => undefined, 'calcom plan');
  try {
    const there = await findThere(opened.client);
    const ours = await readWantedThere(database, connectionId);
    const steps = makePlan(ours, there, { hiddenSlug: EVENT_TYPE_SLUG, alwaysOpen: ALWAYS_OPEN_NAME });
    const counts = Object.fromEntries(
      Object.entries(Object.groupBy(steps, ({ action }) => action)).map(([action, of]) => [action, of.length]),
    );
    return { steps: steps.slice(0, SHOWN_STEPS), counts, mailNotice: mailNotice(access, ours) };
  } catch (error) {
    if (!(error instanceof TargetError)) throw error;
    throw new DomainError('unavailable', 'CONNECTION_UNREACHABLE', error.words, { cause: error });
  } finally {
    opened.close();
  }
}

function openAccess(context: ConnectionContext, settings: Parameters<typeof accessOf>[1]): CalcomAccess | undefined {
  try {
    return accessOf(context, settings);
  } catch (error) {
    if (!(error instanceof UnsealableError)) throw error;
    throw new DomainError('unavailable', 'CONNECTION_UNREACHABLE', 'The stored API key cannot be read. Give it again.');
  }
}

async function findThere(client: CalcomClient): Promise<FoundThere> {
  const me = readMe(await client.send({ method: 'GET', resource: 'me', path: '/me' }));
  const eventTypes = readEventTypes(await client.send({ method: 'GET', resource: 'eventTypes', path: '/event-types' }));
  const schedules = readSchedules(await client.send({ method: 'GET', resource: 'schedules', path: '/schedules' }));
  return {
    eventTypes: eventTypes.map(({ id, slug }) => ({ id: String(id), slug })),
    schedules: schedules.map(({ id, name }) => ({ id: String(id), name })),
    bookings: await findBookings(client, String(me.id)),
  };
}

async function findBookings(client: CalcomClient, accountId: string): Promise<StandingThere[]> {
  const found = new Map<string, StandingThere>();
  const afterStart = new Date().toISOString();
  for (let page = 0; page < MAX_PAGES; page += 1) {
    const query = { afterStart, sortStart: 'asc', take: String(PAGE_SIZE), skip: String(page * PAGE_SIZE) };
    const answer = readBookings(await client.send({ method: 'GET', resource: 'bookings', path: '/bookings', query }));
    for (const booking of answer.bookings) {
      if (!booking.active || !booking.hostIds.includes(accountId)) continue;
      const { uid, start, minutes, appointmentId, attendees } = booking;
      const title = attendees.map(({ name }) => name).find((name) => name !== '') ?? '';
      found.set(uid, { uid, start, minutes, appointmentId, title });
    }
    // The reported totals ignore some filters; a short page is the only sure end.
    if (answer.rows < PAGE_SIZE) break;
  }
  return [...found.values()];
}

function mailNotice({ attendees }: CalcomAccess, { appointments }: WantedThere): string {
  if (attendees.mode === 'placeholder') {
    return (
      `Cal.com gets placeholder addresses at ${attendees.placeholderDomain}, so your customers hear nothing from it. ` +
      'Who books on Cal.com itself is written to by Cal.com as always.'
    );
  }
  const written = appointments.filter(({ hasAddress }) => hasAddress).length;
  return (
    `Cal.com gets your customers' real addresses and writes to them by itself: when a booking is made, moved or ` +
    `cancelled. Of the ${appointments.length} appointments to come, ${written} have an address.`
  );
}
