import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { demoHours, demoTypes, makeRandom, planAppointments, type DemoAppointment } from './demo-schedule.ts';
import { serviceFile } from './stack-layout.ts';
import type { Stack } from './start-stack.ts';
import { runProgram } from './supervise.ts';

type DemoState = { seed: number; today: string; history?: number; done: boolean };
type Call = (method: string, path: string, body?: object, headers?: Record<string, string>) => Promise<Answer>;
type Answer = { status: number; body: Record<string, unknown> };

const seed = 20_260_101;
const weekdays = ['monday', 'tuesday', 'wednesday', 'thursday', 'friday', 'saturday', 'sunday'];
const pastDays = 7;
const comingDays = 14;

/** @throws Error when the demo's invented people would be sent to a Cal.com that is not the sandbox. */
export function assertDemoAllowed(calcomApiUrl: string | undefined): void {
  if (calcomApiUrl === undefined) return;
  throw new Error('--demo works with the built-in Cal.com stand-in alone: unset CALCOM_API_URL and CALCOM_API_KEY.');
}

/**
 * Fills a new practice through the public HTTP interface, as its owner. A practice that was filled before is left alone;
 * one whose filling was interrupted is completed without doubles.
 */
export async function fillDemoPractice(stack: Stack, say: (line: string) => void): Promise<void> {
  assertDemoAllowed(stack.sandboxUrl ? undefined : stack.calcomApiUrl);
  const file = join(stack.dataDirectory, 'demo.json');
  const state = readState(file);
  if (state.done) return;
  if (!stack.owner.password) {
    throw new Error(
      "To fill the demo practice, set OWNER_PASSWORD to the owner's password, or start with an empty DAYBOOK_DATA_DIR.",
    );
  }
  say('Filling the demo practice …');
  save(file, state);
  const call = await signIn(stack);
  const timeZone = await setHours(call);
  const types = await makeTypes(call);
  const today = Temporal.PlainDate.from(state.today);
  const plan = planAppointments(seed, today.subtract({ days: pastDays }), pastDays + comingDays);
  const now = Temporal.Now.instant();
  const startOf = (each: DemoAppointment) => each.day.toZonedDateTime({ timeZone, plainTime: each.start }).toInstant();
  const past = plan.filter(
    (each) => Temporal.Instant.compare(startOf(each).add({ minutes: each.durationMinutes }), now) <= 0,
  );
  const coming = plan.filter((each) => Temporal.Instant.compare(startOf(each), now) > 0);
  // History first: it is refused where appointments were made by somebody else.
  const behind = state.history ?? (await seedHistory(stack, past, startOf, types));
  save(file, { ...state, history: behind });
  let booked = 0;
  for (const each of coming) if (await book(call, each, startOf(each), types)) booked += 1;
  await putGuideAway(call);
  save(file, { ...state, history: behind, done: true });
  say(`The demo practice has ${booked} appointments to come and ${behind} behind it.`);
}

/** A practice that is filled needs no guide. */
async function putGuideAway(call: Call): Promise<void> {
  const { body } = await call('GET', '/api/practice');
  const { version: _version, lastProvenRestoreAt: _restore, ...practice } = body;
  const filled = { ...practice, guideStepsDone: ['hours', 'type', 'calcom', 'booking'] };
  expectStatus(await call('PUT', '/api/practice', filled), [200], 'the practice');
}

function readState(file: string): DemoState {
  if (existsSync(file)) return JSON.parse(readFileSync(file, 'utf8')) as DemoState;
  return { seed, today: Temporal.Now.plainDateISO().toString(), done: false };
}

function save(file: string, state: DemoState): void {
  writeFileSync(file, `${JSON.stringify(state)}\n`, { mode: 0o600 });
}

async function signIn(stack: Stack): Promise<Call> {
  const { username, password } = stack.owner;
  const call = makeCall(stack.gatewayUrl, undefined);
  const { status, body } = await call('POST', '/api/auth/login', { username, password });
  if (status !== 200) throw new Error(`The demo could not sign in as ${username} (${status}).`);
  return makeCall(stack.gatewayUrl, String(body['accessToken']));
}

/** A call that waits out "too many requests" and leaves every other answer to the caller. */
function makeCall(gatewayUrl: string, token: string | undefined): Call {
  return async (method, path, body, headers = {}) => {
    for (;;) {
      const response = await fetch(`${gatewayUrl}${path}`, {
        method,
        headers: {
          ...(body ? { 'content-type': 'application/json' } : {}),
          ...(token ? { authorization: `Bearer ${token}` } : {}),
          ...headers,
        },
        ...(body ? { body: JSON.stringify(body) } : {}),
        signal: AbortSignal.timeout(30_000),
      });
      if (response.status !== 429 && response.status !== 503) {
        const text = await response.text();
        return { status: response.status, body: text ? (JSON.parse(text) as Record<string, unknown>) : {} };
      }
      await response.body?.cancel();
      await delay(Math.min(Number(response.headers.get('retry-after')) || 1, 30) * 1_000);
    }
  };
}

async function setHours(call: Call): Promise<string> {
  const { body: current } = await call('GET', '/api/availability');
  const timeZone = String(current['timeZone']);
  const weekly = demoHours.flatMap((windows, at) => windows.map(([start, end]) => ({ day: weekdays[at], start, end })));
  expectStatus(await call('PUT', '/api/availability', { timeZone, weekly, overrides: [] }), [200], 'the weekly hours');
  return timeZone;
}

/** @returns the ids by slug. */
async function makeTypes(call: Call): Promise<Map<string, string>> {
  for (const type of demoTypes) {
    expectStatus(await call('POST', '/api/appointment-types', type), [201, 409], `the type ${type.name}`);
  }
  const { body } = await call('GET', '/api/appointment-types');
  const items = body['items'] as { id: string; slug: string }[];
  return new Map(items.map(({ id, slug }) => [slug, id]));
}

async function book(
  call: Call,
  each: DemoAppointment,
  start: Temporal.Instant,
  types: Map<string, string>,
): Promise<boolean> {
  const request = {
    customer: each.person,
    start: start.toString(),
    durationMinutes: each.durationMinutes,
    appointmentTypeId: types.get(each.type.slug),
    ...(each.notes ? { notes: each.notes } : {}),
  };
  const answer = await call('POST', '/api/appointments', request, { 'idempotency-key': each.key });
  // The time may have come while the demo was filled (422), or be taken by hand (409).
  expectStatus(answer, [200, 201, 409, 422], 'an appointment');
  return answer.status < 300;
}

async function seedHistory(
  stack: Stack,
  past: readonly DemoAppointment[],
  startOf: (each: DemoAppointment) => Temporal.Instant,
  types: ReadonlyMap<string, string>,
): Promise<number> {
  const file = serviceFile('scheduling', 'seed-history.ts');
  if (!existsSync(file) || past.length === 0) return 0;
  const random = makeRandom(seed + 1);
  const lines = past.map((each) => {
    const chance = random();
    const status = chance < 0.88 ? 'completed' : chance < 0.94 ? 'no_show' : 'cancelled';
    return JSON.stringify({
      customer: each.person,
      start: startOf(each).toString(),
      durationMinutes: each.durationMinutes,
      appointmentTypeId: types.get(each.type.slug),
      status,
      notes: each.notes,
    });
  });
  await runProgram({
    name: 'scheduling seed-history',
    file,
    env: { NODE_ENV: 'production', LOG_LEVEL: 'warn', DATABASE_URL: stack.databaseUrls.scheduling },
    input: `${lines.join('\n')}\n`,
    onLine: () => undefined,
  });
  return past.length;
}

function expectStatus(answer: Answer, wanted: readonly number[], what: string): void {
  if (wanted.includes(answer.status)) return;
  const { code, detail, errors } = answer.body;
  throw new Error(
    `The demo could not make ${what}: ${answer.status} ${String(code)} ${String(detail)} ${JSON.stringify(errors ?? [])}`,
  );
}
