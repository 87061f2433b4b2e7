import { ATTENDEE, openTestBed } from '../testing/client.ts';
import type { TestBed } from '../testing/client.ts';

let bed: TestBed;
beforeEach(async () => {
  bed = await openTestBed();
});
afterEach(() => bed.stop());

const body = { start: '2026-11-03T09:00:00Z', eventTypeId: 9001, attendee: ATTENDEE };
const setRules = (...rules: unknown[]): ReturnType<TestBed['admin']> => bed.admin('POST /faults', { rules });

async function until(condition: () => boolean | Promise<boolean>): Promise<void> {
  const deadline = Date.now() + 3000;
  while (!(await condition())) {
    if (Date.now() > deadline) throw new Error('the condition did not come true in time');
    await new Promise((resolve) => setImmediate(resolve));
  }
}

test('a status rule answers without a change, as many times as asked', async () => {
  await setRules({ match: { operation: 'createBooking' }, kind: 'status', status: 503, times: 2 });
  for (let i = 0; i < 2; i += 1) expect((await bed.call('POST /v2/bookings', { body })).status).toBe(503);
  expect(bed.sandbox.state.bookings).toHaveLength(0);
  expect((await bed.call('POST /v2/bookings', { body })).status).toBe(201);
  expect((await bed.admin('GET /faults')).body.rules[0].applied).toBe(2);
});

test('commit, then a 500: the booking is there and can be found by its metadata', async () => {
  await setRules({ match: { method: 'post', path: '^/v2/bookings$' }, kind: 'commit_then_status', times: 1 });
  const answer = await bed.call('POST /v2/bookings', { body: { ...body, metadata: { daybookId: 'bk_9' } } });
  expect([answer.status, answer.body]).toEqual([500, { statusCode: 500, message: 'Internal server error' }]);
  const found = await bed.call('GET /v2/bookings?afterStart=2026-11-03T09:00:00Z&beforeEnd=2026-11-03T09:30:00Z');
  expect(found.body.data[0].metadata).toEqual({ daybookId: 'bk_9' });
  expect((await bed.call('POST /v2/bookings', { body })).status).toBe(400);
});

test('commit, then a dropped connection', async () => {
  await setRules({ match: { operation: 'createBooking' }, kind: 'commit_then_drop', times: 1 });
  await expect(bed.call('POST /v2/bookings', { body })).rejects.toThrow();
  expect(bed.sandbox.state.bookings).toHaveLength(1);
});

test('commit, then silence', async () => {
  await setRules({ match: { operation: 'createBooking' }, kind: 'commit_then_hang' });
  const given = new AbortController();
  const options = { method: 'POST', signal: given.signal, body: JSON.stringify(body) };
  const headers = { 'content-type': 'application/json', 'cal-api-version': '2024-08-13' };
  const silent = fetch(`${bed.sandbox.apiUrl}/bookings`, { ...options, headers });
  const refused = expect(silent).rejects.toThrow();
  await until(() => bed.sandbox.state.bookings.length === 1);
  given.abort();
  await refused;
  const requests = (await bed.admin('GET /requests')).body.requests as object[];
  expect(requests.at(-1)).toMatchObject({
    status: null,
    fault: 'commit_then_hang',
  });
});

test('silence without a change', async () => {
  await setRules({ match: { operation: 'createBooking' }, kind: 'hang' });
  const signal = AbortSignal.timeout(150);
  await expect(fetch(`${bed.sandbox.apiUrl}/bookings`, { method: 'POST', body: '{}', signal })).rejects.toThrow();
  expect(bed.sandbox.state.bookings).toHaveLength(0);
});

test('a rule without a match is an outage of the whole API, not of the knobs', async () => {
  await setRules({ kind: 'drop' });
  await expect(bed.call('GET /v2/me')).rejects.toThrow();
  await expect(bed.call('GET /v2/nothing')).rejects.toThrow();
  expect((await bed.admin('DELETE /faults')).status).toBe(200);
  expect((await bed.call('GET /v2/me')).status).toBe(200);
});

test('garbage, 429 with headers, 401 and latency', async () => {
  await setRules(
    { kind: 'latency', latencyMs: 30 },
    { match: { operation: 'getMe' }, kind: 'garbage', times: 1 },
    { match: { operation: 'getMe' }, kind: 'rate_limit', times: 1, headers: { 'X-RateLimit-Reset-Default': '7' } },
    { match: { operation: 'getMe' }, kind: 'unauthorized', times: 1 },
  );
  const started = performance.now();
  expect((await bed.call('GET /v2/me')).body).toContain('<html>');
  expect(performance.now() - started).toBeGreaterThanOrEqual(29);
  const limited = await bed.call('GET /v2/me');
  expect([limited.status, limited.headers.get('x-ratelimit-reset-default'), limited.body.error.code]).toEqual([
    429,
    '7',
    'ThrottlerException',
  ]);
  expect((await bed.call('GET /v2/me')).body.error.code).toBe('UnauthorizedException');
  expect((await bed.call('GET /v2/me')).status).toBe(200);
});

test('the link to the newer booking can lag', async () => {
  const first = await bed.book('2026-11-03T09:00:00Z');
  await bed.call(`POST /v2/bookings/${first.uid}/reschedule`, { body: { start: '2026-11-03T10:00:00Z' } });
  await setRules({ match: { operation: 'getBooking' }, kind: 'stale_rescheduled_to', times: 1 });
  const stale = (await bed.call(`GET /v2/bookings/${first.uid}`)).body.data;
  const fresh = (await bed.call(`GET /v2/bookings/${first.uid}`)).body.data;
  expect([stale.status, stale.rescheduledToUid]).toEqual(['cancelled', undefined]);
  expect(fresh.rescheduledToUid).toHaveLength(22);
});

test('a probability is drawn from the seeded generator', async () => {
  const draw = async (seed: number): Promise<string> => {
    const other = await openTestBed({ seed });
    await other.admin('POST /faults', { rules: [{ kind: 'status', status: 500, probability: 0.5 }] });
    const statuses: number[] = [];
    for (let i = 0; i < 24; i += 1) statuses.push((await other.call('GET /v2/me')).status);
    await other.stop();
    return statuses.join();
  };
  const [one, again, two] = [await draw(3), await draw(3), await draw(4)];
  expect(one).toBe(again);
  expect(one).not.toBe(two);
  expect(one).toContain('500');
  expect(one).toContain('200');
});

test.each([
  [{ rules: [{ kind: 'explode' }] }, /kind must be one of/],
  [{ rules: [{ kind: 'status', times: -1 }] }, /times must be/],
  [{ rules: [{ kind: 'status', match: { verb: 'GET' } }] }, /match\.verb is not known/],
  [{ rules: [{ kind: 'status', match: { path: '(' } }] }, /regular expression/i],
  [{}, /rules/],
])('a wrong rule %j is refused and nothing changes', async (given, words) => {
  await setRules({ kind: 'latency', latencyMs: 0 });
  const answer = await bed.admin('POST /faults', given);
  expect([answer.status, answer.body.error]).toEqual([400, expect.stringMatching(words)]);
  expect((await bed.admin('GET /faults')).body.rules).toHaveLength(1);
});

test('the request log and the state tell what happened and hold no credentials', async () => {
  await bed.call('GET /v2/me');
  await bed.book('2026-11-03T09:00:00Z');
  const all = (await bed.admin('GET /requests')).body.requests;
  expect((all as { operation: string; status: number }[]).map((entry) => [entry.operation, entry.status])).toEqual([
    ['getMe', 200],
    ['createBooking', 201],
  ]);
  expect(all[1].version).toBe('2024-08-13');
  expect((await bed.admin(`GET /requests?since=${all[0].seq}`)).body.requests).toHaveLength(1);
  const state = (await bed.admin('GET /state')).body;
  expect(state.requests).toEqual({ getMe: 1, createBooking: 1 });
  expect(JSON.stringify([all, state])).not.toContain('cal_sandbox');
  expect((await bed.admin('POST /reset')).status).toBe(200);
  expect(bed.sandbox.state.bookings).toHaveLength(0);
  expect((await bed.book('2026-11-03T09:00:00Z')).id).toBe(55012);
});

test('a page of another origin cannot turn the knobs', async () => {
  const answer = await fetch(`${bed.sandbox.url}/admin/state`, { headers: { origin: 'https://elsewhere.example' } });
  expect(answer.status).toBe(403);
});
