import { setTimeout } from 'node:timers/promises';
import type { Appointment } from '@daybook/http-contract/appointments';
import { routes } from '@daybook/http-contract/routes';
import type { Route } from '@daybook/http-contract/routes';
import type { Stack } from '@daybook/stack/start-stack';
import { ApiClient, alwaysOpen, startIn } from '../support/api-client.ts';
import type { Answer } from '../support/api-client.ts';
import { startTestStack } from '../support/stack.ts';
import { access } from './access-table.ts';
import type { Ids } from './access-table.ts';
import { openAccounts } from './people.ts';
import type { People, Role } from './people.ts';

jest.setTimeout(120_000);

/** Words that only people of the practice may read. */
const canaries = ['Canary Customer', 'canary@practice.example', '+352621999999', 'canary note', 'canary title'];

let stack: Stack;
let stopAndRemove: () => Promise<void>;
let people: People;
let ids: Ids;

beforeAll(async () => {
  ({ stack, stopAndRemove } = await startTestStack());
  people = await openAccounts(stack);
  ids = await makeThings(people.owner);
});
afterAll(async () => stopAndRemove?.());

async function made<T>(answer: Promise<Answer<T>>): Promise<T> {
  const { status, body, problem } = await answer;
  if (status >= 300) throw new Error(`could not be made: ${status} ${problem?.code}`);
  return body;
}

/** The connection to Cal.com; it has an id once calcom-sync has heard of the practice, a moment after its first event. */
async function foundConnection(owner: ApiClient): Promise<string> {
  for (const deadline = Date.now() + 20_000; ;) {
    const { items } = await made(owner.request<{ items: { id?: string }[] }>('GET', '/api/calendar-connections'));
    if (items[0]?.id !== undefined) return items[0].id;
    if (Date.now() > deadline) throw new Error('calcom-sync never heard of the practice.');
    await setTimeout(50);
  }
}

async function makeThings(owner: ApiClient): Promise<Ids> {
  await made(owner.replaceAvailability(alwaysOpen()));
  const appointment: Appointment = await made(
    owner.book({
      customer: { name: 'Canary Customer', email: 'canary@practice.example', phone: '+352621999999' },
      start: startIn(120, 10),
      durationMinutes: 30,
      notes: 'canary note',
    }),
  );
  const block = await made(
    owner.request<{ id: string }>('POST', '/api/blocks', {
      body: { start: startIn(120, 14), end: startIn(120, 15), title: 'canary title' },
    }),
  );
  const other = await made(
    owner.request<{ id: string }>('POST', '/api/customers', { body: { name: 'Canary Customer' } }),
  );
  const connection = await foundConnection(owner);
  const sessions = await made(
    owner.request<{ items: { id: string; current: boolean }[] }>('GET', '/api/auth/sessions'),
  );
  return {
    appointment: appointment.id,
    provider: appointment.providerId,
    appointmentType: appointment.appointmentType.id,
    customer: appointment.customer.id,
    otherCustomer: other.id,
    block: block.id,
    connection,
    session: sessions.items.find(({ current }) => current)!.id,
  };
}

/** A request of the table, in the name of somebody. */
function call(caller: ApiClient, route: Route, named: Ids = ids): Promise<Answer<unknown>> {
  const { id, query, body } = access[route.operationId]!;
  const path = route.path.replace('{id}', id ? named[id] : '');
  const search = query ? `?${new URLSearchParams(query(named)).toString()}` : '';
  return caller.request(route.method.toUpperCase(), path + search, body ? { body: body(named) } : {});
}

const guarded = routes.filter(({ open, success }) => !open && !success.stream);
/** In the order of the table: what reads comes before what changes. */
const ordered = Object.keys(access).flatMap(
  (operationId) => guarded.find((route) => route.operationId === operationId) ?? [],
);

test('every guarded route of the contract is in the table, and the table names no other', () => {
  expect(Object.keys(access).toSorted()).toEqual(guarded.map(({ operationId }) => operationId).toSorted());
});

test('nobody gets in without a session, whatever they name', async () => {
  const anonymous = new ApiClient(stack.gatewayUrl);
  for (const route of ordered) {
    const { status, problem } = await call(anonymous, route);
    expect({ route: route.operationId, status, code: problem?.code }).toEqual({
      route: route.operationId,
      status: 401,
      code: 'SESSION_INVALID',
    });
  }
});

test('the owner of another practice finds nothing of this one, by any id and in any field', async () => {
  for (const route of ordered.filter(({ operationId }) => operationId !== 'changePassword')) {
    const answer = await call(people.stranger, route);
    const text = JSON.stringify(answer.body ?? '');
    const leaked = canaries.filter((canary) => text.includes(canary));
    expect({ route: route.operationId, leaked }).toEqual({ route: route.operationId, leaked: [] });
    expect({ route: route.operationId, fault: answer.status >= 500 && answer.problem?.code }).toMatchObject({
      fault: false,
    });
    const namesOurs = access[route.operationId]!.id !== undefined;
    if (namesOurs)
      expect({ route: route.operationId, status: answer.status }).toEqual({ route: route.operationId, status: 404 });
  }
  const untouched = await people.owner.request<Appointment>('GET', `/api/appointments/${ids.appointment}`);
  expect(untouched.body).toMatchObject({ status: 'scheduled', version: 1, notes: 'canary note' });
});

test.each(['customer', 'staff', 'admin', 'owner'] as const)(
  '%s may do what the table says and nothing else',
  async (role: Role) => {
    const wrong: object[] = [];
    for (const route of ordered) {
      const { allowed, denied } = access[route.operationId]!;
      // Ending one's own session here would end the test; that it works is shown by its own test.
      if (route.operationId === 'endSession' && role === 'owner') continue;
      const { status, problem, body } = await call(people[role], route);
      const refused = problem?.code === 'NOT_PERMITTED' || problem?.code === 'SESSION_INVALID';
      const fits = allowed.includes(role)
        ? !refused && status < 500
        : denied === 'hidden'
          ? status === 404
          : problem?.code === 'NOT_PERMITTED';
      // A customer may ask when there is time, and never learns who takes it up.
      const text = JSON.stringify(body ?? '');
      const learned = role === 'customer' ? canaries.filter((canary) => text.includes(canary)) : [];
      if (!fits || learned.length > 0)
        wrong.push({ operation: route.operationId, status, code: problem?.code, learned });
    }
    expect(wrong).toEqual([]);
  },
);

test('fields that are nobody’s to set are refused, not ignored', async () => {
  const booking = { customer: { name: 'Ann' }, start: startIn(129, 9), durationMinutes: 30 };
  for (const extra of [
    { status: 'completed' },
    { organizationId: ids.provider },
    { version: 7 },
    { id: ids.provider },
  ]) {
    const { status, problem } = await people.staff.request('POST', '/api/appointments', {
      body: { ...booking, ...extra },
    });
    expect({ extra, status, code: problem?.code }).toEqual({ extra, status: 400, code: 'VALIDATION_FAILED' });
  }
});
