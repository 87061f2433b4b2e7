import { setTimeout as delay } from 'node:timers/promises';
import { loadConfig, schemas } from '@daybook/runtime/config';
import { runMain } from '@daybook/runtime/lifecycle';
import { z } from 'zod';

const environment = z.object({
  GATEWAY_URL: schemas.url,
  OWNER_USERNAME: z.string(),
  OWNER_PASSWORD: schemas.secret,
  /** How long the calendar outside may take to follow, and the app to answer at all. Seconds. */
  WAIT_SECONDS: z.coerce.number().int().min(1).max(600).default(120),
});

const session = z.object({ accessToken: z.string() });
const appointment = z.object({
  id: z.string(),
  status: z.string(),
  sync: z.object({ state: z.string(), lastError: z.string().optional() }),
});

const requestTimeoutMs = 10_000;
const pollMs = 500;
/** Tries that come faster would be counted as guesses. */
const signInPauseMs = 10_000;
/** Where no real appointment is. */
const yearsAhead = 10;
const durationMinutes = 5;

type Outcome = { state: 'in_step' | 'off' } | { problem: string };

type Answer = { status: number; body: unknown };

async function ask(url: string, method: string, token?: string, body?: unknown): Promise<Answer> {
  const response = await fetch(url, {
    method,
    headers: {
      ...(token === undefined ? {} : { authorization: `Bearer ${token}` }),
      ...(body === undefined ? {} : { 'content-type': 'application/json' }),
    },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    signal: AbortSignal.timeout(requestTimeoutMs),
  });
  const text = await response.text();
  return { status: response.status, body: text === '' ? undefined : (JSON.parse(text) as unknown) };
}

function expectStatus(what: string, { status, body }: Answer, wanted: number): unknown {
  if (status === wanted) return body;
  const code = (body as { code?: string } | undefined)?.code ?? '';
  throw new Error(`${what} answered ${status} ${code}`.trim());
}

/** Any minute of a far year, so that two tests at once do not want the same one. */
function farStart(now: Date): string {
  const start = new Date(now);
  start.setUTCFullYear(now.getUTCFullYear() + yearsAhead);
  start.setUTCSeconds(0, 0);
  start.setUTCMinutes(Math.floor(Math.random() * 12) * durationMinutes);
  return start.toISOString();
}

/**
 * Shows from outside that an installation works: signs in, books, sees the appointment reach the calendar outside (where
 * one is connected), and cancels it. Leaves a cancelled appointment of a test customer behind.
 */
await runMain('try-a-booking', async ({ logger, lifecycle }) => {
  const config = loadConfig<z.output<typeof environment>>(environment);
  const api = new URL('/api', config.GATEWAY_URL).toString();
  const owner = { username: config.OWNER_USERNAME, password: config.OWNER_PASSWORD.reveal() };
  const accessToken = await signIn(`${api}/auth/login`, owner, config.WAIT_SECONDS * 1000);
  const booked = await ask(`${api}/appointments`, 'POST', accessToken, {
    customer: { name: 'Installation test' },
    start: farStart(new Date()),
    durationMinutes,
    override: true,
  });
  const { id } = appointment.parse(expectStatus('booking', booked, 201));
  logger.info({ id }, 'booked');
  const read = async (): Promise<z.output<typeof appointment>> =>
    appointment.parse(expectStatus('reading', await ask(`${api}/appointments/${id}`, 'GET', accessToken), 200));
  let outcome: Outcome;
  try {
    outcome = await waitUntilInStep(read, config.WAIT_SECONDS * 1000);
  } finally {
    expectStatus('cancelling', await ask(`${api}/appointments/${id}`, 'DELETE', accessToken), 200);
  }
  const { status } = await read();
  if (status !== 'cancelled') throw new Error(`after cancelling, the appointment is ${status}`);
  if ('problem' in outcome) throw new Error(outcome.problem);
  const sync = outcome.state === 'in_step' ? 'in step' : 'no calendar outside connected';
  logger.info(`Daybook works: signed in, booked, ${sync}, cancelled`);
  await lifecycle.shutdown();
  process.exit(0);
});

/** Right after an installation the account may still be on its way. @throws Error once the time is over */
async function signIn(url: string, owner: { username: string; password: string }, patienceMs: number): Promise<string> {
  for (const until = Date.now() + patienceMs; ; await delay(signInPauseMs)) {
    const answer = await ask(url, 'POST', undefined, owner);
    if (answer.status === 200 || Date.now() > until) {
      return session.parse(expectStatus('signing in', answer, 200)).accessToken;
    }
  }
}

/** Whether the calendar outside has it, or none is connected, or what went wrong. */
async function waitUntilInStep(
  read: () => Promise<z.output<typeof appointment>>,
  patienceMs: number,
): Promise<Outcome> {
  for (const until = Date.now() + patienceMs; ; await delay(pollMs)) {
    const { sync } = await read();
    if (sync.state === 'in_step' || sync.state === 'off') return { state: sync.state };
    if (Date.now() > until) {
      return { problem: `the calendar outside is ${sync.state}: ${sync.lastError ?? 'no answer in time'}` };
    }
  }
}
