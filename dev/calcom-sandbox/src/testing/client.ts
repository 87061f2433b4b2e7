import type { Sandbox, SandboxOptions } from '../sandbox.ts';
import { startSandbox } from '../sandbox.ts';

/** The baseline version of each resource. */
export const VERSIONS = {
  bookings: '2024-08-13',
  schedules: '2024-06-11',
  eventTypes: '2024-06-14',
  slots: '2024-09-04',
};

/** What a test may set on a call; a null `key` sends no credential, a null `version` no version header. */
export type CallOptions = {
  body?: unknown;
  version?: string | null;
  key?: string | null;
  headers?: Record<string, string>;
};

/** An answer as a test looks at it; `body` is parsed JSON or, when it is none, the text. */
export type Answer = { status: number; headers: Headers; body: Json };

/** Parsed JSON that tests walk through; a missing member is undefined and fails the expectation. */
// eslint-disable-next-line @typescript-eslint/no-explicit-any -- tests read deep into answers whose shape is what they test
export type Json = any;

/** A client of one sandbox whose clock stands where the test puts it. */
export type TestBed = {
  sandbox: Sandbox;
  /** UTC ISO 8601; moves the sandbox's clock. */
  setNow(instant: string): void;
  call(line: string, options?: CallOptions): Promise<Answer>;
  admin(line: string, body?: unknown): Promise<Answer>;
  /** Creates an accepted or pending booking of the seeded event type and answers its data. */
  book(start: string, more?: Record<string, unknown>): Promise<Json>;
  stop(): Promise<void>;
};

/** A Monday morning in Luxembourg, one hour before the seeded hours begin. */
export const MONDAY = '2026-11-02T07:00:00.000Z';

function defaultVersion(path: string): string | null {
  if (path.includes('/bookings')) return VERSIONS.bookings;
  if (path.includes('/schedules')) return VERSIONS.schedules;
  if (path.includes('/event-types')) return VERSIONS.eventTypes;
  return path.includes('/slots') ? VERSIONS.slots : null;
}

async function send(
  url: string,
  method: string,
  options: CallOptions,
  fallbackVersion: string | null,
): Promise<Answer> {
  const { key = 'cal_sandbox', version = fallbackVersion, body } = options;
  const headers: Record<string, string> = { 'content-type': 'application/json', ...options.headers };
  if (key !== null) headers['authorization'] = `Bearer ${key}`;
  if (version !== null) headers['cal-api-version'] = version;
  const answer = await fetch(url, { method, headers, ...(body === undefined ? {} : { body: JSON.stringify(body) }) });
  const text = await answer.text();
  try {
    return { status: answer.status, headers: answer.headers, body: JSON.parse(text) as unknown };
  } catch {
    return { status: answer.status, headers: answer.headers, body: text };
  }
}

/** Who attends the bookings of the tests. */
export const ATTENDEE = { name: 'Leo Park', email: 'leo@example.com', timeZone: 'Europe/Lisbon' };

/** Starts a sandbox with a clock of the test's own and a client for it. */
export async function openTestBed(options: SandboxOptions = {}): Promise<TestBed> {
  let now = MONDAY;
  const sandbox = await startSandbox({ clock: () => new Date(now), rateLimitPerMinute: 100_000, ...options });
  const bed: TestBed = {
    sandbox,
    setNow: (instant) => {
      now = instant;
    },
    call: (line, given = {}) => {
      const [method = 'GET', path = ''] = line.split(' ');
      return send(sandbox.url + path, method, given, defaultVersion(path));
    },
    admin: (line, body) => {
      const [method = 'GET', path = ''] = line.split(' ');
      return send(`${sandbox.url}/admin${path}`, method, { key: null, body }, null);
    },
    book: async (start, more = {}) => {
      const body = { start, eventTypeId: 9001, attendee: ATTENDEE, ...more };
      const answer = await bed.call('POST /v2/bookings', { body });
      if (answer.status !== 201) throw new Error(`not booked: ${answer.status} ${JSON.stringify(answer.body)}`);
      const { data } = answer.body as { data: unknown };
      return data;
    },
    stop: () => sandbox.stop(),
  };
  return bed;
}
