import fc from 'fast-check';
import { routes } from '@daybook/http-contract/routes';
import { problem as problemSchema } from '@daybook/http-contract/common';
import { until } from '@daybook/runtime/testing';
import { startFakeServices } from './test-support/fake-services.ts';
import type { FakeServices } from './test-support/fake-services.ts';
import { sampleIds } from './test-support/samples.ts';
import { startTestGateway } from './test-support/test-gateway.ts';
import type { TestGateway } from './test-support/test-gateway.ts';

let services: FakeServices;
let gateway: TestGateway;

beforeAll(async () => {
  services = await startFakeServices();
  gateway = await startTestGateway(services);
  await until(() => services.watchers() === 1);
});
afterAll(async () => {
  await gateway.stop();
  await services.stop();
});

const zones = fc.constantFrom(
  'Europe/Luxembourg',
  'America/New_York',
  'Australia/Lord_Howe',
  'Pacific/Chatham',
  'Mars/X',
  '',
);
const instants = fc.oneof(
  fc.constantFrom(
    '2027-03-28T01:59:59+01:00',
    '2027-03-28T02:30:00+02:00',
    '2027-10-31T02:30:00+01:00',
    '2027-04-04T02:00:00+10:30',
    '1899-12-31T23:59:59Z',
    '2200-01-01T00:00:00Z',
    '2027-06-04T10:00:00',
    '2027-02-29T00:00:00Z',
  ),
  fc
    .date({ min: new Date('1800-01-01'), max: new Date('2300-01-01'), noInvalidDate: true })
    .map((date) => date.toISOString()),
);
const texts = fc.oneof(
  fc.string({ unit: 'binary', maxLength: 60 }),
  fc.constantFrom(
    '',
    ' ',
    '\0',
    '\ud800',
    '__proto__',
    "' OR 1=1 --",
    'x'.repeat(6000),
    '😀',
    sampleIds.provider,
    'a@b.example',
  ),
);
const numbers = fc.oneof(fc.constantFrom(0, -1, 5, 30, 1440, 1441, 1e9, 30.5, 2 ** 53), fc.integer());
const leaf = fc.oneof(
  texts,
  numbers,
  instants,
  zones,
  fc.boolean(),
  fc.constant(null),
  fc.constant([]),
  fc.constant({}),
);
const wallTimes = fc.constantFrom('00:00', '09:00', '17:00', '24:00', '25:00', '9:00');
const window = fc.record(
  { day: fc.constantFrom('monday', 'sunday', 'noday'), start: wallTimes, end: wallTimes },
  { requiredKeys: [] },
);
const override = fc.record(
  {
    date: fc.constantFrom('2027-03-28', '2027-02-30', 'x'),
    endDate: fc.constantFrom('2027-03-29', '2020-01-01'),
    intervals: fc.array(window),
  },
  { requiredKeys: [] },
);
const customer = fc.record(
  { name: fc.oneof(texts, fc.constant('Grace')), email: texts, phone: texts, timeZone: zones, role: leaf },
  { requiredKeys: [] },
);

/** Bodies near the contract: its own field names with fitting, unfitting and hostile values. */
const bodies = fc.oneof(
  fc.constantFrom(
    { customer: { name: 'Grace' }, start: '2027-06-04T10:00:00+02:00', durationMinutes: 30 },
    { start: '2027-06-04T10:00:00+02:00' },
    { notes: '' },
    { timeZone: 'Europe/Luxembourg', weekly: [] },
    { name: 'Visit', durationsMinutes: [30] },
    { name: 'Practice', country: 'LU', guideStepsDone: ['hours'] },
    { attendance: 'no_show' },
    { mergeId: sampleIds.customer },
    { currentPassword: 'old secret', newPassword: 'new secret' },
    { start: '2027-06-04T10:00:00+02:00', end: '2027-06-04T11:00:00+02:00' },
    {},
  ),
  fc.record(
    {
      customer: fc.oneof({ weight: 4, arbitrary: customer }, leaf),
      start: fc.oneof(instants, leaf),
      end: fc.oneof(instants, leaf),
      durationMinutes: fc.oneof(numbers, leaf),
      appointmentTypeId: fc.oneof(fc.constant(sampleIds.type), leaf),
      notes: leaf,
      reason: leaf,
      title: leaf,
      override: fc.oneof(fc.boolean(), leaf),
      timeZone: zones,
      weekly: fc.oneof(fc.array(window, { maxLength: 5 }), leaf),
      overrides: fc.oneof(fc.array(override, { maxLength: 3 }), leaf),
      name: leaf,
      durationsMinutes: fc.oneof(fc.array(numbers, { maxLength: 4 }), leaf),
      attendance: fc.oneof(fc.constantFrom('expected', 'arrived'), leaf),
      mergeId: leaf,
      email: leaf,
      phone: leaf,
      country: leaf,
      weekStart: leaf,
      hourCycle: leaf,
      secondTimeZone: leaf,
      guideStepsDone: fc.oneof(fc.array(fc.constantFrom('hours', 'type', 'x'), { maxLength: 12 }), leaf),
      from: fc.oneof(instants, leaf),
      to: fc.oneof(instants, leaf),
      currentPassword: leaf,
      newPassword: leaf,
      username: leaf,
      password: leaf,
    },
    { requiredKeys: [] },
  ),
  fc.jsonValue(),
);
const queryNames = fc.constantFrom(
  'from',
  'to',
  'status',
  'q',
  'limit',
  'cursor',
  'durationMinutes',
  'providerId',
  'reason',
  '__proto__',
  'x',
);
const queryValues = fc.oneof(
  instants,
  texts,
  numbers.map(String),
  fc.constantFrom('scheduled', 'scheduled,cancelled', sampleIds.provider),
);
const queries: fc.Arbitrary<(readonly [string, string])[]> = fc.oneof(
  fc.constant<(readonly [string, string])[]>([]),
  fc.constant<(readonly [string, string])[]>([
    ['from', '2027-03-28T00:00:00+01:00'],
    ['to', '2027-04-04T00:00:00+02:00'],
  ]),
  fc.array<readonly [string, string]>(fc.tuple(queryNames, queryValues), { maxLength: 5 }),
);
const headerText = fc.oneof(
  fc.constantFrom('"5"', '*', 'W/"1"', 'x'),
  fc.string({ maxLength: 20 }).map((text) => text.replaceAll(/[^\x21-\x7e]/g, '.')),
);
const callable = routes.filter((route) => !route.success.stream);

function queryText(pairs: (readonly [string, string])[]): string {
  return pairs
    .map(([name, value]) => `${encodeURIComponent(name)}=${encodeURIComponent(value.toWellFormed())}`)
    .join('&');
}

test('no request made of the contract’s own words gets a 5xx, and each refusal is a problem of the list', async () => {
  const statuses = new Map<number, number>();
  await fc.assert(
    fc.asyncProperty(
      fc.constantFrom(...callable),
      fc.oneof(bodies, fc.constant(undefined)),
      queries,
      fc.constantFrom(sampleIds.appointment, 'x', '%00'),
      fc.option(headerText, { nil: undefined, freq: 1 }),
      async (route, json, query, id, header) => {
        const answer = await gateway.request(`${route.path.replace('{id}', id)}?${queryText(query)}`, {
          method: route.method.toUpperCase(),
          // One of the routes signs out, so each request has a session of its own.
          token: services.signIn(),
          ...(json === undefined || route.method === 'get' ? {} : { json }),
          ...(header === undefined ? {} : { headers: { 'if-match': header, 'idempotency-key': header } }),
        });
        statuses.set(answer.status, (statuses.get(answer.status) ?? 0) + 1);
        expect(answer.status).toBeLessThan(500);
        if (answer.status >= 400) problemSchema.parse(await answer.json());
        else await answer.arrayBuffer();
      },
    ),
    { numRuns: 500 },
  );
  // Both sides of the border were visited, or the generator has gone narrow.
  expect((statuses.get(200) ?? 0) + (statuses.get(201) ?? 0) + (statuses.get(204) ?? 0)).toBeGreaterThan(50);
  expect(statuses.get(400) ?? 0).toBeGreaterThan(100);
}, 60_000);
