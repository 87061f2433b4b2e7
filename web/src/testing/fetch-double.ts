import { problem as problemSchema } from '@daybook/http-contract/common';
import type { Problem } from '@daybook/http-contract/common';
import type { ProblemCode } from '@daybook/http-contract/problems';
import { problems } from '@daybook/http-contract/problems';
import { routes } from '@daybook/http-contract/routes';
import type { Route } from '@daybook/http-contract/routes';

/** A request as the gateway would see it. */
export type Call = {
  method: string;
  path: string;
  query: Record<string, string>;
  headers: Record<string, string>;
  body: unknown;
};

/** What the gateway would answer. */
export type Answer = { status?: number; body?: unknown };

/** Answers by route, such as `'POST /api/appointments/{id}/reschedule'`. */
export type Answers = Record<string, (call: Call) => Answer | Promise<Answer>>;

/** The double: every call in order, and a change of answers on the way. */
export type FetchDouble = { calls: Call[]; answer(more: Answers): void; callsTo(route: string): Call[] };

let faults: string[] = [];

afterEach(() => {
  const found = faults;
  faults = [];
  // A fault inside fetch would only look like a lost network to the app.
  expect(found).toEqual([]);
});

/**
 * Answers every request of the app. Requests and answers are held against the contract's own schemas: a body the gateway would refuse,
 * an answer it would not give, or a route nobody answers fails the test.
 */
export function answerRequests(answers: Answers): FetchDouble {
  const calls: Call[] = [];
  const known = { ...answers };
  const answerOne = async (address: string, init: RequestInit = {}) => {
    const url = new URL(address, 'http://localhost');
    const call: Call = {
      method: init.method ?? 'GET',
      path: url.pathname,
      query: Object.fromEntries(url.searchParams),
      headers: (init.headers ?? {}) as Record<string, string>,
      body: typeof init.body === 'string' ? (JSON.parse(init.body) as unknown) : undefined,
    };
    calls.push(call);
    const route = findRoute(call);
    const handler = route === undefined ? undefined : known[nameOf(route)];
    if (route === undefined || handler === undefined) {
      faults.push(`nobody answers ${call.method} ${call.path}`);
      return respond(404, { ...makeProblem('ROUTE_NOT_FOUND') });
    }
    checkRequest(route, call);
    const answer = await handler(call);
    const status = answer.status ?? route.success.status;
    checkAnswer(route, status, answer.body);
    return respond(status, answer.body);
  };
  Object.defineProperty(globalThis, 'fetch', { value: answerOne, configurable: true, writable: true });
  return {
    calls,
    answer: (more) => Object.assign(known, more),
    callsTo: (name) =>
      calls.filter((call) => {
        const route = findRoute(call);
        return route !== undefined && nameOf(route) === name;
      }),
  };
}

/** A refusal with this code. */
export function refuse(code: ProblemCode, extra: Partial<Problem> = {}): Answer {
  return { status: problems[code].status, body: makeProblem(code, extra) };
}

function makeProblem(code: ProblemCode, extra: Partial<Problem> = {}): Problem {
  return { type: 'about:blank', title: problems[code].title, status: problems[code].status, code, ...extra };
}

function nameOf(route: Route): string {
  return `${route.method.toUpperCase()} ${route.path}`;
}

function findRoute(call: Call): Route | undefined {
  return routes.find((route) => {
    const pattern = new RegExp(`^${route.path.replace('{id}', '[^/]+')}$`);
    return route.method.toUpperCase() === call.method && pattern.test(call.path);
  });
}

function checkRequest(route: Route, call: Call): void {
  const body = route.body?.safeParse(call.body);
  if (body?.success === false) faults.push(`${nameOf(route)} would refuse the body: ${body.error.message}`);
  const query = route.query?.safeParse(call.query);
  if (query?.success === false) faults.push(`${nameOf(route)} would refuse the query: ${query.error.message}`);
}

function checkAnswer(route: Route, status: number, body: unknown): void {
  const schema = status >= 400 ? problemSchema : route.success.schema;
  const parsed = schema?.safeParse(body);
  if (parsed?.success === false) faults.push(`${nameOf(route)} would not answer that: ${parsed.error.message}`);
}

function respond(status: number, body: unknown) {
  return { ok: status < 400, status, statusText: '', headers: { get: () => null }, json: async () => body };
}
