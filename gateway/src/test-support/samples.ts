import { toTimestamp } from '@daybook/protos/instant';
import { calendarSamples } from './calendar-samples.ts';

/** The owner the doubles know. */
export const sampleUser = {
  id: '11111111-1111-4111-8111-111111111111',
  organizationId: '22222222-2222-4222-8222-222222222222',
  username: 'owner',
  fullName: 'Ada Owner',
  roles: ['ROLE_OWNER'],
};

/** Ids that the doubles' answers carry. */
export const sampleIds = {
  appointment: '33333333-3333-4333-8333-333333333333',
  provider: '44444444-4444-4444-8444-444444444444',
  type: '55555555-5555-4555-8555-555555555555',
  customer: '66666666-6666-4666-8666-666666666666',
  block: '77777777-7777-4777-8777-777777777777',
  connection: '88888888-8888-4888-8888-888888888888',
};

const at = (text: string): object => toTimestamp(new Date(text));
const start = at('2027-06-04T08:00:00Z');
const end = at('2027-06-04T08:30:00Z');

/** A type as scheduling answers it. */
export const sampleType = {
  id: sampleIds.type,
  organizationId: sampleUser.organizationId,
  name: 'Consultation',
  slug: 'consultation',
  durationsMinutes: [30, 60],
  bufferBeforeMinutes: 0,
  bufferAfterMinutes: 5,
  minimumNoticeMinutes: 60,
  horizonDays: 183,
  slotStepMinutes: 15,
  color: '#0f766e',
  isDefault: true,
  archived: false,
  version: 3,
};

const customer = {
  id: sampleIds.customer,
  organizationId: sampleUser.organizationId,
  name: 'Grace Guest',
  email: 'grace@example.com',
  phone: '+352621123456',
  timeZone: 'Europe/Luxembourg',
  notes: '',
  version: 1,
};

/** An appointment as scheduling answers it. */
export const sampleAppointment = {
  id: sampleIds.appointment,
  organizationId: sampleUser.organizationId,
  providerId: sampleIds.provider,
  appointmentType: sampleType,
  customer,
  start,
  end,
  durationMinutes: 30,
  status: 'APPOINTMENT_STATUS_SCHEDULED',
  notes: 'first visit',
  version: 5,
  createdAt: at('2027-01-01T00:00:00Z'),
  updatedAt: at('2027-01-02T00:00:00Z'),
  sync: { state: 'SYNC_STATE_IN_STEP', externalUid: 'abc', syncedAt: at('2027-01-02T00:00:01Z') },
};

const history = [
  { version: 1, action: 'booked', at: start, actor: sampleUser.id, start, end, status: 'APPOINTMENT_STATUS_SCHEDULED' },
];

const rules = {
  providerId: sampleIds.provider,
  organizationId: sampleUser.organizationId,
  version: 7,
  timeZone: 'Europe/Luxembourg',
  weekly: [{ weekday: 1, startMinute: 540, endMinute: 1020 }],
  overrides: [
    { date: '2027-12-24', endDate: '2027-12-26', intervals: [] },
    { date: '2027-12-31', endDate: '2027-12-31', intervals: [{ startMinute: 1320, endMinute: 1440 }] },
  ],
};

const block = {
  id: sampleIds.block,
  organizationId: sampleUser.organizationId,
  providerId: sampleIds.provider,
  start,
  end,
  title: 'Lunch',
};

const provider = {
  id: sampleIds.provider,
  organizationId: sampleUser.organizationId,
  name: 'Dr Example',
  color: '#0f766e',
  timeZone: 'Europe/Luxembourg',
};

const summary = {
  appointmentCount: 3,
  noShowCount: 1,
  cancelledCount: 2,
  nextStart: start,
  lastAppointmentTypeId: sampleIds.type,
};

const practice = {
  organizationId: sampleUser.organizationId,
  name: 'Practice Example',
  country: 'LU',
  weekStart: 1,
  hourCycle: 24,
  language: 'fr',
  secondTimeZone: 'America/New_York',
  guideStepsDone: ['hours', 'type', 'a step of a later version'],
  version: 4,
  lastProvenRestoreAt: start,
};

const openSession = {
  id: '99999999-9999-4999-8999-999999999999',
  createdAt: start,
  lastUsedAt: start,
  expiresAt: end,
  userAgent: 'Mozilla/5.0',
  current: true,
};

const closed = [
  { start, end, rule: 'CLOSED_RULE_APPOINTMENT', sourceId: sampleIds.appointment, sourceLabel: 'Grace Guest' },
  { start, end, rule: 'CLOSED_RULE_NOTICE', amount: 60, overridable: true },
];

/** What the doubles answer when no test says otherwise, by rpc. */
export function sampleAnswers(state: {
  keys: () => { kid: string; publicKeyPem: string }[];
  revoked: readonly string[];
}): Record<string, (request: Record<string, unknown>) => unknown> {
  const session = (): object => ({ user: sampleUser, tokens: sampleTokens() });
  const one = (): object => ({ appointment: sampleAppointment });
  return {
    ListSigningKeys: () => ({ keys: state.keys() }),
    Authenticate: session,
    RefreshSession: session,
    RevokeSession: () => ({}),
    GetCurrentUser: () => ({ user: sampleUser, accessExpiresAt: at('2027-01-01T00:10:00Z') }),
    ChangePassword: () => ({ endedSessions: 2 }),
    ListSessions: () => ({ sessions: [openSession] }),
    EndSession: () => ({ endedSessions: 1 }),
    GetSecondFactor: () => ({ on: true, since: toTimestamp(new Date('2026-01-05T08:00:00Z')), recoveryCodesLeft: 9 }),
    BeginSecondFactor: () => ({ secret: 'GEZDGNBV', uri: 'otpauth://totp/Daybook:owner?secret=GEZDGNBV' }),
    ConfirmSecondFactor: () => ({ recoveryCodes: ['AAAA-BBBB'], endedSessions: 2 }),
    ReplaceRecoveryCodes: () => ({ recoveryCodes: ['CCCC-DDDD'] }),
    TurnOffSecondFactor: () => ({ endedSessions: 1 }),
    CheckSession: ({ sessionId }) => ({ active: !state.revoked.includes(String(sessionId)) }),
    BookAppointment: one,
    GetAppointment: () => ({ appointment: sampleAppointment, history }),
    ListAppointments: () => ({ appointments: [sampleAppointment], nextCursor: 'next' }),
    UpdateAppointment: one,
    RescheduleAppointment: one,
    CancelAppointment: () => ({
      appointment: {
        ...sampleAppointment,
        status: 'APPOINTMENT_STATUS_CANCELLED',
        cancellationReason: 'ill',
        sync: null,
      },
    }),
    RecordAttendance: one,
    RestoreAppointment: one,
    ListClosedTimes: () => ({ closed, timeZone: 'Europe/Luxembourg' }),
    ListSlots: () => ({ starts: [start], durationMinutes: 30, timeZone: 'Europe/Luxembourg' }),
    GetAvailability: () => ({ availability: rules, free: [{ start, end }], open: [{ start, end }] }),
    ReplaceAvailability: () => ({ availability: rules, outsideNewHours: [sampleAppointment] }),
    PreviewAvailability: () => ({ opens: [{ start, end }], closes: [], outsideNewHours: [sampleAppointment] }),
    CreateBlock: () => ({ block }),
    ListBlocks: () => ({ blocks: [block] }),
    UpdateBlock: () => ({ block }),
    DeleteBlock: () => ({}),
    ListAppointmentTypes: () => ({ appointmentTypes: [sampleType] }),
    CreateAppointmentType: () => ({ appointmentType: sampleType }),
    UpdateAppointmentType: () => ({ appointmentType: sampleType }),
    ListCustomers: () => ({ customers: [customer], summaries: [summary] }),
    GetCustomer: () => ({ customer, summary, possibleDuplicates: [customer] }),
    CreateCustomer: () => ({ customer }),
    UpdateCustomer: () => ({ customer }),
    MergeCustomers: () => ({ customer, movedAppointments: 2 }),
    ExportCustomer: () => ({ customer, appointments: [{ appointment: sampleAppointment, history }] }),
    EraseCustomer: () => ({ erasedAppointments: 2 }),
    GetPractice: () => ({ practice }),
    UpdatePractice: () => ({ practice }),
    ListProviders: () => ({ providers: [provider] }),
    ...calendarSamples({ ...sampleIds, organization: sampleUser.organizationId }),
  };
}

/** A pair of tokens whose ends lie in the future. */
export function sampleTokens(): object {
  return {
    accessToken: 'an.access.token',
    accessExpiresAt: toTimestamp(new Date(Date.now() + 600_000)),
    refreshToken: 'a-refresh-token',
    refreshExpiresAt: toTimestamp(new Date(Date.now() + 8 * 86_400_000)),
    sessionId: '99999999-9999-4999-8999-999999999999',
  };
}
