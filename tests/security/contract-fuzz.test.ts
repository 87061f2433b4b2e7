import fc from 'fast-check';
import type { Stack } from '@daybook/stack/start-stack';
import { ApiClient, alwaysOpen, startIn } from '../support/api-client.ts';
import { ApiDocument } from '../support/api-document.ts';
import type { Operation } from '../support/api-document.ts';
import { owner, startTestStack } from '../support/stack.ts';
import { requestsOf } from './generated-requests.ts';
import type { GeneratedRequest, KnownIds } from './generated-requests.ts';

jest.setTimeout(240_000);

/** Requests to each operation; a night's run may ask for more. */
const runsPerOperation = Number(process.env['FUZZ_RUNS'] ?? 10);
const seed = Number(process.env['FUZZ_SEED'] ?? Date.now() % 1_000_000);

let stack: Stack;
let stopAndRemove: () => Promise<void>;
let document: ApiDocument;
let known: KnownIds;
let token: string;

beforeAll(async () => {
  ({ stack, stopAndRemove } = await startTestStack());
  document = await ApiDocument.of(stack.gatewayUrl);
  const api = await ApiClient.signIn(stack.gatewayUrl, owner);
  token = api.token!;
  await api.replaceAvailability(alwaysOpen());
  const booking = { customer: { name: 'Ann' }, start: startIn(90, 10), durationMinutes: 30 };
  const { body: appointment } = await api.book(booking);
  const block = await api.request<{ id: string }>('POST', '/api/blocks', {
    body: { start: startIn(91, 14), end: startIn(91, 15), title: '' },
  });
  const other = await api.request<{ id: string }>('POST', '/api/customers', { body: { name: 'Bea' } });
  known = {
    appointments: appointment.id,
    appointmentId: appointment.id,
    rescheduleAppointmentId: appointment.id,
    providerId: appointment.providerId,
    'appointment-types': appointment.appointmentType.id,
    appointmentTypeId: appointment.appointmentType.id,
    customers: appointment.customer.id,
    customerId: appointment.customer.id,
    mergeId: other.body.id,
    blocks: block.body.id,
  };
});
afterAll(async () => stopAndRemove?.());

type RawAnswer = { status: number; contentType: string; text: string };

async function send(operation: Operation, request: GeneratedRequest): Promise<RawAnswer> {
  const search = request.query
    .map(([name, value]) => `${encodeURIComponent(name)}=${encodeURIComponent(value.toWellFormed())}`)
    .join('&');
  const path = operation.path.replace('{id}', request.id);
  const response = await fetch(`${stack.gatewayUrl}${path}?${search}`, {
    method: operation.method,
    headers: {
      authorization: `Bearer ${token}`,
      ...request.headers,
      ...(request.body === undefined ? {} : { 'content-type': 'application/json' }),
    },
    ...(request.body === undefined ? {} : { body: JSON.stringify(request.body) }),
    signal: AbortSignal.timeout(30_000),
  });
  const contentType = response.headers.get('content-type') ?? '';
  if (contentType.startsWith('text/event-stream')) {
    await response.body?.cancel();
    return { status: response.status, contentType, text: '' };
  }
  return { status: response.status, contentType, text: await response.text() };
}

/** Words of our own making that no answer may hold: places in the code, statements, drivers' errors. */
const internals = /node_modules|\.ts:\d+|Sequelize|SELECT |INSERT INTO|pg_|ECONNREFUSED/;

test('every operation answers what its document says, whatever it is asked', async () => {
  // Signing out ends the session in use, so it comes last.
  const inOrder = document.operations.toSorted((a, b) => Number(a.id === 'logOut') - Number(b.id === 'logOut'));
  const answered = new Map<string, Set<number>>();
  const wrong: object[] = [];
  for (const operation of inOrder)
    for (const request of fc.sample(requestsOf(document, operation, known), { numRuns: runsPerOperation, seed })) {
      const answer = await send(operation, request);
      answered.set(operation.id, (answered.get(operation.id) ?? new Set()).add(answer.status));
      const faults = document.faultsOf(operation, answer);
      if (answer.status >= 500 || internals.test(answer.text)) faults.push(answer.text);
      if (faults.length > 0) wrong.push({ operation: operation.id, request, status: answer.status, faults });
    }
  expect({ seed, wrong }).toEqual({ seed, wrong: [] });
  // The requests get past the first check, or they would show nothing of the services behind it.
  const succeeded = [...answered.values()].filter((statuses) => [...statuses].some((status) => status < 300)).length;
  expect(succeeded).toBeGreaterThan(document.operations.length / 2);
});

test('an answer that the document does not foresee is noticed', () => {
  const operation = document.operations.find(({ id }) => id === 'listProviders')!;
  const answer = { status: 200, contentType: 'application/json; charset=utf-8', text: '{"items":[]}' };
  expect(document.faultsOf(operation, answer)).toEqual([]);
  expect(document.faultsOf(operation, { ...answer, text: '{}' })).not.toEqual([]);
  expect(document.faultsOf(operation, { ...answer, text: '{"items":[{"id":7}]}' })).not.toEqual([]);
  expect(document.faultsOf(operation, { ...answer, status: 418 })).not.toEqual([]);
  expect(document.faultsOf(operation, { ...answer, contentType: 'text/html' })).not.toEqual([]);
});
