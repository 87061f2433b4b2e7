import { toTimestamp } from '@daybook/protos/instant';

const at = (text: string): object => toTimestamp(new Date(text));

const sweep = {
  id: '77777777-7777-4777-8777-777777777777',
  startedAt: at('2027-06-04T02:00:00Z'),
  finishedAt: at('2027-06-04T02:00:09Z'),
  compared: 120,
  differences: 1,
  repaired: 0,
};

const ours = {
  status: 'scheduled',
  start: at('2027-06-04T08:00:00Z'),
  durationMinutes: 30,
  customerName: 'Grace Guest',
};
const theirs = { ...ours, start: at('2027-06-04T09:00:00Z') };

/** What the doubles answer to the rpcs of calendar sync when no test says otherwise, by rpc. */
export function calendarSamples(ids: {
  connection: string;
  appointment: string;
  organization: string;
}): Record<string, () => unknown> {
  const connection = {
    id: ids.connection,
    organizationId: ids.organization,
    target: 'calcom',
    state: 'CONNECTION_STATE_CONNECTED',
    baseUrl: 'https://cal.example/v2',
    pending: 2,
    parked: 1,
    oldestPendingSeconds: 1.5,
    profile: 'CALCOM_PROFILE_SELF_HOSTED',
    attendeeAddresses: 'ATTENDEE_ADDRESSES_PLACEHOLDER',
    placeholderDomain: 'customers.example',
    inbound: 'INBOUND_STATE_WEBHOOK',
    lastPollAt: at('2027-06-04T07:59:59Z'),
    latencyP50Milliseconds: 120,
    latencyP95Milliseconds: 340,
    latencyCount: 9,
    latencyWithinPromise: 9,
    lastSweep: sweep,
  };
  const paused = { ...connection, state: 'CONNECTION_STATE_PAUSED', latencyCount: 0, inbound: 'INBOUND_STATE_POLLING' };
  const entry = {
    appointmentId: ids.appointment,
    state: 'SYNC_STATE_DIFFERENT',
    ours,
    theirs,
    externalUid: 'uid-1',
    attempts: 2,
    lastError: 'Cal.com says this time is taken there.',
    updatedAt: at('2027-06-04T07:00:00Z'),
  };
  const difference = { appointmentId: ids.appointment, kind: 'different_time', ours, theirs, outcome: 'needs_choice' };
  const attempt = {
    at: at('2027-06-04T07:00:00Z'),
    durationMilliseconds: 140,
    action: 'move',
    outcome: 'failed',
    status: 400,
    message: 'Cal.com says this time is taken there.',
  };
  return {
    ListConnections: () => ({ connections: [connection] }),
    ListSyncWork: () => ({
      work: [{ appointmentId: ids.appointment, state: 'SYNC_STATE_FAILED', attempts: 3, lastError: 'refused' }],
    }),
    RetrySyncWork: () => ({ retried: 4 }),
    TestConnection: () => ({
      passed: false,
      steps: [
        { step: 'address', passed: true, message: 'The address can be used.' },
        { step: 'name_lookup', passed: false, message: 'There is no host of this name.' },
      ],
    }),
    SaveConnection: () => ({ connection: paused }),
    PlanConnection: () => ({
      steps: [
        {
          action: 'create_booking',
          subject: 'Visit',
          start: at('2027-06-04T08:00:00Z'),
          end: at('2027-06-04T08:30:00Z'),
          ourId: ids.appointment,
        },
      ],
      counts: { create_booking: 1 },
      mailNotice: 'Cal.com writes to placeholder addresses.',
    }),
    StartConnection: () => ({ connection }),
    Disconnect: () => ({ connection: { ...paused, state: 'CONNECTION_STATE_OFF' } }),
    ListLedger: () => ({ entries: [entry], nextCursor: 'next', counts: { in_step: 3, different: 1 } }),
    GetLedgerEntry: () => ({ entry, attempts: [attempt], externalUids: ['uid-1'] }),
    ResolveDifference: () => ({ entry: { ...entry, state: 'SYNC_STATE_WAITING' } }),
    StartSweep: () => ({ sweep: { ...sweep, finishedAt: null } }),
    ListSweeps: () => ({ sweeps: [{ summary: sweep, differences: [difference] }] }),
    ReceiveWebhook: () => ({}),
  };
}
