import type { Appointment } from '@daybook/http-contract/appointments';
import { until } from '@daybook/runtime/testing';
import type { ApiClient } from '../../support/api-client.ts';

/** A booking as the Cal.com stand-in shows it. */
export type Booking = {
  uid: string;
  status: string;
  start: string;
  end: string;
  createdAt: string;
  metadata?: Record<string, unknown>;
  attendees: { name: string; email: string; absent: boolean }[];
  eventType: { id: number | null; slug: string };
  cancellationReason?: string;
  rescheduledToUid?: string;
};

/** A schedule as the stand-in shows it, wall clock in its own zone. */
type Schedule = {
  id: number;
  name: string;
  timeZone: string;
  availability: { days: string[]; startTime: string; endTime: string }[];
  overrides: { date: string; startTime: string; endTime: string }[];
};

/** What the stand-in holds (the part the suites look at). */
export type SandboxState = {
  bookings: Booking[];
  schedules: Schedule[];
  eventTypes: {
    id: number;
    slug: string;
    title: string;
    hidden: boolean;
    lengthInMinutes: number;
    scheduleId: number | null;
  }[];
  webhooks: { subscriberUrl: string; active: boolean }[];
  users: { username: string; defaultScheduleId: number | null }[];
};

/** Reads the stand-in through its admin door, past every fault rule. */
export async function readSandboxState(sandboxUrl: string): Promise<SandboxState> {
  const response = await fetch(`${sandboxUrl}/admin/state`);
  if (!response.ok) throw new Error(`the sandbox answered ${response.status}`);
  return (await response.json()) as SandboxState;
}

/** Sends one knob of the stand-in; throws when it refuses. */
export async function turnKnob(sandboxUrl: string, method: string, path: string, body?: unknown): Promise<unknown> {
  const response = await fetch(`${sandboxUrl}/admin${path}`, {
    method,
    headers: { 'content-type': 'application/json' },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
  if (!response.ok) throw new Error(`the sandbox refused ${path}: ${response.status} ${await response.text()}`);
  return response.json();
}

/** One line of either side in the form in which both are compared: instants in UTC and where it stands. */
const line = (start: string, end: string, status: string): string =>
  `${new Date(start).toISOString()}/${new Date(end).toISOString()} ${status}`;

/** What our side says must stand on Cal.com, by appointment id; cancelled ones must not stand there. */
function wantedThere(appointments: readonly Appointment[]): Map<string, string> {
  const standing = appointments.filter(({ status }) => status !== 'cancelled');
  return new Map(
    standing.map(({ id, start, end, status }) => [id, line(start, end, status === 'no_show' ? 'missed' : 'standing')]),
  );
}

/** What stands on Cal.com, by our appointment id. What belongs to nobody, or twice to one, is named in `faults`. */
function standingThere(
  bookings: readonly Booking[],
  appointments: readonly Appointment[],
): { lines: Map<string, string>; faults: string[] } {
  const ownerOf = new Map(appointments.map(({ id, sync }) => [sync.calcomBookingUid, id]));
  const known = new Set(appointments.map(({ id }) => id));
  const lines = new Map<string, string>();
  const faults: string[] = [];
  for (const { uid, status, start, end, metadata, attendees } of bookings) {
    if (status !== 'accepted') continue;
    const told = metadata?.['daybookId'];
    const id = typeof told === 'string' && known.has(told) ? told : ownerOf.get(uid);
    if (id === undefined) faults.push(`booking ${uid} at ${start} has no appointment`);
    else if (lines.has(id)) faults.push(`appointment ${id} stands twice on Cal.com`);
    else lines.set(id, line(start, end, attendees.some(({ absent }) => absent) ? 'missed' : 'standing'));
  }
  return { lines, faults };
}

/** In words, how the two sides differ; empty when they are equal as sets and nothing stands twice. */
export function differences(appointments: readonly Appointment[], bookings: readonly Booking[]): string[] {
  const ours = wantedThere(appointments);
  const { lines: theirs, faults } = standingThere(bookings, appointments);
  const missing = [...ours].filter(([id]) => !theirs.has(id)).map(([id, what]) => `${id} is missing there: ${what}`);
  const extra = [...theirs].filter(([id]) => !ours.has(id)).map(([id, what]) => `${id} stands there only: ${what}`);
  const other = [...ours]
    .filter(([id, what]) => theirs.has(id) && theirs.get(id) !== what)
    .map(([id, what]) => `${id} is ${what} here and ${theirs.get(id)} there`);
  return [...faults, ...missing, ...extra, ...other];
}

/** Waits until both sides are equal and every appointment says so itself; names what is left when the time runs out. */
export async function bothEqual(api: ApiClient, sandboxUrl: string, timeoutMs: number): Promise<Appointment[]> {
  let left: string[] = [];
  try {
    return await until(
      async () => {
        // Theirs first: what is read later can only be further on, so that equal means equal.
        const { bookings } = await readSandboxState(sandboxUrl);
        const appointments = await api.allAppointments();
        const waiting = appointments
          .filter(({ sync }) => sync.state !== 'in_step')
          .map(({ id, status, sync }) => `${id} (${status}) is ${sync.state}: ${sync.lastError ?? ''}`);
        left = [...differences(appointments, bookings), ...waiting];
        return left.length === 0 && appointments;
      },
      { timeoutMs, intervalMs: 200, what: 'both sides equal' },
    );
  } catch (error) {
    throw new Error(`${left.length} differences are left:\n${left.slice(0, 12).join('\n')}`, { cause: error });
  }
}
