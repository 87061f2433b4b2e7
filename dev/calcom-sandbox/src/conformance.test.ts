import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { extractUsedEndpoints } from '../spec/extract-used-endpoints.ts';
import type { UsedEndpoints } from '../spec/extract-used-endpoints.ts';
import { ROUTES } from './http/routes.ts';
import { MONDAY, openTestBed } from './testing/client.ts';
import type { Answer, CallOptions, TestBed } from './testing/client.ts';
import { createDocument } from './testing/document.ts';
import type { Difference, Schema } from './testing/document.ts';

const ROOT = process.cwd();
const EXTRACT_FILE = join(ROOT, 'dev/calcom-sandbox/spec/used-endpoints.json');
const DOCUMENT_FILE = process.env['CALCOM_OPENAPI_FILE'] ?? join(ROOT, '../shared/calcom/openapi.json');
const used = JSON.parse(readFileSync(EXTRACT_FILE, 'utf8')) as UsedEndpoints;

const TEXT_OR_NULL = { anyOf: [{ type: 'string' }, { type: 'null' }] };
const BOOLEAN_DEFAULT_FIELDS = [
  'NameDefaultFieldOutput_2024_06_14',
  'EmailDefaultFieldOutput_2024_06_14',
  'LocationDefaultFieldOutput_2024_06_14',
  'TitleDefaultFieldOutput_2024_06_14',
  'NotesDefaultFieldOutput_2024_06_14',
  'GuestsDefaultFieldOutput_2024_06_14',
  'RescheduleReasonDefaultFieldOutput_2024_06_14',
];

/** Where reality differs from the document. Each row must be needed: see the last test. */
const DIFFERENCES: Difference[] = [
  { schema: ['UserWebhookOutputDto'], property: 'id', instead: { type: 'string', format: 'uuid' }, contract: '12' },
  { schema: ['UserWebhookOutputDto'], property: 'payloadTemplate', instead: TEXT_OR_NULL, contract: '12 (example)' },
  { schema: ['EventTypeOutput_2024_06_14'], property: 'bookingWindow', instead: { type: 'object' }, contract: '6' },
  { schema: ['EventTypeOutput_2024_06_14'], property: 'seats', instead: { type: 'object' }, contract: '6 (example)' },
  {
    schema: ['EventTypeOutput_2024_06_14'],
    property: 'users',
    instead: { type: 'array', items: { type: 'object', required: ['id', 'name', 'username'] } },
    contract: '6 (example)',
  },
  {
    schema: ['EventTypeOutput_2024_06_14'],
    property: 'forwardParamsSuccessRedirect',
    instead: { type: 'boolean' },
    contract: '6 (example)',
  },
  { schema: BOOLEAN_DEFAULT_FIELDS, property: 'isDefault', instead: { enum: [true] }, contract: '6 (isDefault:true)' },
  { schema: ['TextFieldOutput_2024_06_14'], property: 'isDefault', instead: { enum: [false] }, contract: '6' },
  {
    schema: ['BookingOutput_2024_08_13'],
    property: 'rescheduledByEmail',
    instead: TEXT_OR_NULL,
    contract: '8 (example)',
  },
  {
    schema: ['BookingOutput_2024_08_13'],
    property: 'rating',
    instead: { anyOf: [{ type: 'number' }, { type: 'null' }] },
    contract: '8 (example)',
  },
  ...[
    { property: 'rescheduledByEmail', instead: TEXT_OR_NULL },
    { property: 'rating', instead: { anyOf: [{ type: 'number' }, { type: 'null' }] } },
  ].map((difference) => ({
    schema: ['CreateSeatedBookingOutput_2024_08_13', 'GetSeatedBookingOutput_2024_08_13'],
    ...difference,
    contract: '8 (example; a booking with seats has no other members)',
  })),
  {
    schema: ['ScheduleAvailabilityInput_2024_06_11'],
    property: 'days',
    instead: {
      type: 'array',
      items: { enum: ['Monday', 'Tuesday', 'Wednesday', 'Thursday', 'Friday', 'Saturday', 'Sunday'] },
    },
    contract: '5 (a list; the document puts the enum on the list itself)',
  },
  ...['startTime', 'endTime'].flatMap((property) =>
    ['ScheduleAvailabilityInput_2024_06_11', 'ScheduleOverrideInput_2024_06_11'].map((schema) => ({
      schema: [schema],
      property,
      instead: { type: 'string', pattern: '^([01]\\d|2[0-3]):[0-5]\\d$' },
      contract: '5 (HH:MM; the document has the name of a pattern)',
    })),
  ),
  {
    schema: ['GetDefaultScheduleOutput_2024_06_11'],
    property: 'data',
    instead: { anyOf: [{ $ref: '#/components/schemas/ScheduleOutput_2024_06_11' }, { type: 'null' }] },
    contract: '5 (may be null)',
  },
  {
    schema: ['GetReservedSlotOutput_2024_09_04'],
    property: 'data',
    instead: { anyOf: [{ $ref: '#/components/schemas/ReserveSlotOutput_2024_09_04' }, { type: 'null' }] },
    contract: '7 (the document refers to the envelope itself)',
  },
];

/** Whole answers that the document describes wrongly: `GET /v2/slots` leaves out its envelope. */
const SLOTS_ANSWER: Schema = {
  type: 'object',
  required: ['status', 'data'],
  properties: {
    status: { enum: ['success'] },
    data: {
      type: 'object',
      propertyNames: { pattern: '^\\d{4}-\\d{2}-\\d{2}$' },
      additionalProperties: {
        type: 'array',
        items: {
          type: 'object',
          required: ['start'],
          properties: { start: { format: 'date-time' }, end: { format: 'date-time' } },
        },
      },
    },
  },
};

const ERROR_ANSWER: Schema = {
  anyOf: [
    {
      type: 'object',
      required: ['status', 'timestamp', 'path', 'error'],
      additionalProperties: false,
      properties: {
        status: { enum: ['error'] },
        timestamp: { format: 'date-time' },
        path: { type: 'string', pattern: '^/' },
        error: {
          type: 'object',
          required: ['code', 'message'],
          properties: { code: { type: 'string' }, message: { type: 'string' } },
        },
      },
    },
    {
      type: 'object',
      required: ['statusCode', 'message'],
      additionalProperties: false,
      properties: { statusCode: { type: 'integer' }, message: { type: 'string' } },
    },
  ],
};

/** No answer is right where the document describes none. */
const UNDESCRIBED: Schema = { not: {} };

type Recorded = { operation: string; line: string; answer: Answer };

const EVENT_TYPE = {
  lengthInMinutes: 30,
  lengthInMinutesOptions: [30, 60],
  title: 'Long talk',
  slug: 'Long Talk',
  beforeEventBuffer: 5,
  minimumBookingNotice: 0,
  bookingWindow: { type: 'calendarDays', value: 60, rolling: true },
  confirmationPolicy: { type: 'always', blockUnconfirmedBookingsInBooker: false },
  locations: [{ type: 'address', address: 'Main street 1', public: true }, { type: 'attendeePhone' }],
  bookingFields: [{ type: 'text', slug: 'room', label: 'Room', required: false, placeholder: '' }],
};

function operationOf(line: string): string {
  const [method = '', path = ''] = line.split(' ');
  const plain = path.split('?')[0]?.replace('/v2', '').split('/') ?? [];
  const found = ROUTES.find((route) => {
    const parts = route.path.split('/');
    return (
      route.method === method &&
      parts.length === plain.length &&
      parts.every((p, i) => p.startsWith('{') || p === plain[i])
    );
  });
  if (found === undefined) throw new Error(`no operation for ${line}`);
  return found.operation;
}

async function playEverything(bed: TestBed): Promise<Recorded[]> {
  const recorded: Recorded[] = [];
  const call = async (line: string, options: CallOptions = {}): Promise<Answer['body']> => {
    const answer = await bed.call(line, options);
    recorded.push({ operation: operationOf(line), line, answer });
    return (answer.body as { data?: unknown }).data;
  };
  await call('GET /v2/me');
  await call('PATCH /v2/me', { body: { bio: 'Practice', timeFormat: 12 } });
  const hours = [{ days: ['Monday', 'Sunday'], startTime: '08:00', endTime: '23:59' }];
  const overrides = [{ date: '2026-12-24', startTime: '00:00', endTime: '00:00' }];
  const schedule = await call('POST /v2/schedules', {
    body: { name: 'Other', timeZone: 'Europe/Madrid', isDefault: false, availability: hours, overrides },
  });
  await call('GET /v2/schedules');
  await call('GET /v2/schedules/default');
  await call(`GET /v2/schedules/${schedule.id}`);
  await call(`PATCH /v2/schedules/${schedule.id}`, { body: { overrides: [] } });
  await call('GET /v2/schedules/999');
  await call(`DELETE /v2/schedules/${schedule.id}`);
  const eventType = await call('POST /v2/event-types', { body: EVENT_TYPE });
  await call('GET /v2/event-types');
  await call(`GET /v2/event-types/${eventType.id}`);
  await call(`PATCH /v2/event-types/${eventType.id}`, { body: { hidden: true, afterEventBuffer: 10 } });
  await playBookings(bed, call, eventType.id as number);
  await call(`DELETE /v2/event-types/${eventType.id}`);
  await playSeats(call);
  const hook = { active: true, subscriberUrl: 'http://127.0.0.1:9/hook', triggers: ['OOO_CREATED'], secret: 'x' };
  const webhook = await call('POST /v2/webhooks', { body: hook });
  await call('POST /v2/webhooks', { body: hook });
  await call('GET /v2/webhooks');
  await call(`GET /v2/webhooks/${webhook.id}`);
  await call(`PATCH /v2/webhooks/${webhook.id}`, { body: { active: false } });
  await call(`DELETE /v2/webhooks/${webhook.id}`);
  await call('DELETE /v2/schedules/771');
  await call('GET /v2/schedules/default');
  return recorded;
}

async function playSeats(call: (line: string, options?: CallOptions) => Promise<Answer['body']>): Promise<void> {
  const seats = { seatsPerTimeSlot: 2, showAttendeeInfo: true, showAvailabilityCount: true };
  const group = await call('POST /v2/event-types', {
    body: { lengthInMinutes: 30, title: 'Group', slug: 'group', seats },
  });
  const attendee = { name: 'Mia Weber', email: 'mia@example.com', timeZone: 'Europe/Berlin' };
  const body = { start: '2026-11-06T09:00:00Z', eventTypeId: group.id, attendee, metadata: { a: 'b' } };
  const first = await call('POST /v2/bookings', { body });
  await call('POST /v2/bookings', { body });
  await call('POST /v2/bookings', { body: { ...body, attendee: { ...attendee, email: 'ben@example.com' } } });
  await call(`GET /v2/bookings/${first.uid}`);
  await call(`GET /v2/bookings?bookingUid=${first.uid}`);
  await call(`POST /v2/bookings/${first.uid}/cancel`, { key: null, body: { seatUid: first.seatUid } });
}

async function playBookings(
  bed: TestBed,
  call: (line: string, options?: CallOptions) => Promise<Answer['body']>,
  confirmType: number,
): Promise<void> {
  const attendee = {
    name: 'Mia Weber',
    email: 'mia@example.com',
    timeZone: 'Europe/Berlin',
    phoneNumber: '+35226123456',
  };
  const body = {
    start: '2026-11-03T09:00:00Z',
    eventTypeId: 9001,
    attendee,
    guests: ['guest@example.com'],
    metadata: { a: 1 },
  };
  const first = await call('POST /v2/bookings', { body });
  await call('POST /v2/bookings', { body });
  await call(`GET /v2/bookings/${first.uid}`);
  const moved = await call(`POST /v2/bookings/${first.uid}/reschedule`, {
    body: { start: '2026-11-03T10:00:00Z', rescheduledBy: 'sandbox@daybook.example', reschedulingReason: 'ill' },
  });
  await call(`GET /v2/bookings/${first.uid}`);
  await call(`POST /v2/bookings/${moved.uid}/cancel`, { body: {} });
  await call(`POST /v2/bookings/${moved.uid}/cancel`, { body: { cancellationReason: 'closed' } });
  const asked = await call('POST /v2/bookings', { body: { ...body, eventTypeId: confirmType, lengthInMinutes: 60 } });
  await call(`POST /v2/bookings/${asked.uid}/confirm`);
  await call(`POST /v2/bookings/${asked.uid}/confirm`);
  const other = await call('POST /v2/bookings', {
    body: { ...body, start: '2026-11-04T09:00:00Z', eventTypeId: confirmType },
  });
  await call(`POST /v2/bookings/${other.uid}/decline`, { body: { reason: 'no' } });
  bed.setNow('2026-11-03T09:30:00Z');
  await call(`POST /v2/bookings/${asked.uid}/mark-absent`, {
    body: { host: false, attendees: [{ email: attendee.email, absent: true }] },
  });
  bed.setNow(MONDAY);
  await call('GET /v2/bookings?take=2');
  await call('GET /v2/bookings?take=999');
  await call('GET /v2/bookings', { key: null });
  const range = 'start=2026-11-03&end=2026-11-04&timeZone=Europe/Luxembourg';
  await call(`GET /v2/slots?eventTypeId=9001&${range}`);
  await call(`GET /v2/slots?eventTypeId=9001&${range}&format=range`);
  const held = await call('POST /v2/slots/reservations', {
    body: { eventTypeId: 9001, slotStart: '2026-11-05T09:00:00Z' },
  });
  await call(`GET /v2/slots/reservations/${held.reservationUid}`);
  await call(`PATCH /v2/slots/reservations/${held.reservationUid}`, {
    body: { eventTypeId: 9001, slotStart: '2026-11-05T10:00:00Z' },
  });
  await call(`DELETE /v2/slots/reservations/${held.reservationUid}`);
  await call(`GET /v2/slots/reservations/${held.reservationUid}`);
}

function findViolations(
  recorded: Recorded[],
  schemas: { [name: string]: Schema },
  differences: Difference[],
): string[] {
  const compile = createDocument(schemas, differences);
  const compiled = new Map<Schema, ReturnType<typeof compile>>();
  return recorded.flatMap(({ operation, line, answer }) => {
    const described = used.operations[operation]?.responses[String(answer.status)];
    const success = operation === 'getSlots' && answer.status === 200 ? SLOTS_ANSWER : described;
    const schema = answer.status >= 400 ? ERROR_ANSWER : (success ?? UNDESCRIBED);
    const validate = compiled.get(schema) ?? compile(schema);
    compiled.set(schema, validate);
    if (validate(answer.body) === true) return [];
    const reasons = (validate.errors ?? []).map((error) => `${error.instancePath} ${error.message ?? ''}`);
    return [`${line} ${answer.status}: ${reasons.slice(0, 8).join('; ')}`];
  });
}

describe('the answers of the sandbox', () => {
  let bed: TestBed;
  let recorded: Recorded[];
  beforeAll(async () => {
    bed = await openTestBed();
    recorded = await playEverything(bed);
  });
  afterAll(() => bed.stop());

  test('every operation has been answered with success at least once', () => {
    const answered = new Set(recorded.filter(({ answer }) => answer.status < 300).map(({ operation }) => operation));
    expect(ROUTES.map((route) => route.operation).filter((operation) => !answered.has(operation))).toEqual([]);
  });

  test('hold against the description kept in the repository', () => {
    expect(findViolations(recorded, used.schemas, DIFFERENCES)).toEqual([]);
  });

  test.each(
    DIFFERENCES.map((difference): [string, Difference] => [
      `${difference.schema.join(', ')}.${difference.property}`,
      difference,
    ]),
  )('the known difference %s is needed', (_name, difference) => {
    const others = DIFFERENCES.filter((candidate) => candidate !== difference);
    expect(findViolations(recorded, used.schemas, others)).not.toEqual([]);
  });

  test('an answer that lacks a documented member is noticed', () => {
    const [broken] = structuredClone(
      recorded.filter(({ line }) => line === 'GET /v2/me').map(({ answer }) => answer.body as unknown),
    );
    delete (broken as { data: { timeZone?: string } }).data.timeZone;
    const answer = { status: 200, headers: new Headers(), body: broken };
    expect(
      findViolations([{ operation: 'getMe', line: 'GET /v2/me', answer }], used.schemas, DIFFERENCES),
    ).toHaveLength(1);
  });

  (existsSync(DOCUMENT_FILE) ? describe : describe.skip)('with the whole document at hand', () => {
    test('the kept description is still what the document says, and the answers hold against the whole of it', () => {
      const document = JSON.parse(readFileSync(DOCUMENT_FILE, 'utf8')) as Parameters<typeof extractUsedEndpoints>[0];
      expect(extractUsedEndpoints(document)).toEqual(used);
      const { schemas } = (document as unknown as { components: { schemas: { [name: string]: Schema } } }).components;
      expect(findViolations(recorded, schemas, DIFFERENCES)).toEqual([]);
    });
  });
});
