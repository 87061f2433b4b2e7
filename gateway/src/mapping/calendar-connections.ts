import type { z } from 'zod';
import type * as contract from '@daybook/http-contract/calendar-connections';
import type { CalcomProfile__Output } from '@daybook/protos/gen/daybook/calendarsync/v1/CalcomProfile';
import type { Connection__Output } from '@daybook/protos/gen/daybook/calendarsync/v1/Connection';
import type { PlanConnectionResponse__Output } from '@daybook/protos/gen/daybook/calendarsync/v1/PlanConnectionResponse';
import type { PlannedStep__Output } from '@daybook/protos/gen/daybook/calendarsync/v1/PlannedStep';
import type { SaveConnectionRequest } from '@daybook/protos/gen/daybook/calendarsync/v1/SaveConnectionRequest';
import type { SyncWork__Output } from '@daybook/protos/gen/daybook/calendarsync/v1/SyncWork';
import type { TestConnectionRequest } from '@daybook/protos/gen/daybook/calendarsync/v1/TestConnectionRequest';
import type { TestConnectionResponse__Output } from '@daybook/protos/gen/daybook/calendarsync/v1/TestConnectionResponse';
import { mapSyncState } from './appointments.ts';
import { optionalInstant, optionalText } from './instants.ts';
import { mapSweepSummary } from './sync-ledger.ts';

const stateJson = {
  CONNECTION_STATE_UNSPECIFIED: 'off',
  CONNECTION_STATE_OFF: 'off',
  CONNECTION_STATE_CONNECTED: 'connected',
  CONNECTION_STATE_UNREACHABLE: 'unreachable',
  CONNECTION_STATE_NEEDS_ATTENTION: 'needs_attention',
  CONNECTION_STATE_PAUSED: 'paused',
} as const;

const profileJson = {
  CALCOM_PROFILE_UNSPECIFIED: undefined,
  CALCOM_PROFILE_HOSTED: 'hosted',
  CALCOM_PROFILE_SELF_HOSTED: 'self_hosted',
} as const;

const inboundJson = {
  INBOUND_STATE_UNSPECIFIED: undefined,
  INBOUND_STATE_POLLING: 'polling',
  INBOUND_STATE_WEBHOOK: 'webhook',
  INBOUND_STATE_WEBHOOK_FAILED: 'webhook_failed',
} as const;

function optionalProfile(profile: CalcomProfile__Output): { profile?: 'hosted' | 'self_hosted' } {
  const known = profileJson[profile];
  return known === undefined ? {} : { profile: known };
}

function optionalLatency(connection: Connection__Output): Pick<contract.CalendarConnection, 'latency'> {
  if (connection.latencyCount === 0) return {};
  return {
    latency: {
      p50Milliseconds: connection.latencyP50Milliseconds,
      p95Milliseconds: connection.latencyP95Milliseconds,
      count: connection.latencyCount,
      withinPromise: connection.latencyWithinPromise,
    },
  };
}

/** A connection as the public surface shows it. */
export function mapConnection(connection: Connection__Output): contract.CalendarConnection {
  const inbound = inboundJson[connection.inbound];
  return {
    ...optionalText('id', connection.id),
    target: 'calcom',
    state: stateJson[connection.state],
    ...optionalText('baseUrl', connection.baseUrl),
    ...optionalText('accountName', connection.accountName),
    ...optionalText('message', connection.message),
    ...optionalInstant('lastSuccessAt', connection.lastSuccessAt),
    pending: connection.pending,
    parked: connection.parked,
    oldestPendingSeconds: connection.oldestPendingSeconds,
    ...optionalProfile(connection.profile),
    attendeeAddresses: connection.attendeeAddresses === 'ATTENDEE_ADDRESSES_REAL' ? 'real' : 'placeholder',
    ...optionalText('placeholderDomain', connection.placeholderDomain),
    managedByOperator: connection.managedByOperator,
    ...(inbound === undefined ? {} : { inbound }),
    ...optionalInstant('lastPollAt', connection.lastPollAt),
    ...optionalLatency(connection),
    ...(connection.lastSweep ? { lastSweep: mapSweepSummary(connection.lastSweep) } : {}),
  };
}

/** What is to be tried, for the service. */
export function testToProto(body: z.output<typeof contract.testConnectionRequest>): TestConnectionRequest {
  return { baseUrl: body.baseUrl, apiKey: body.apiKey ?? '' };
}

/** What is to be kept, for the service. */
export function saveToProto(body: z.output<typeof contract.saveConnectionRequest>): SaveConnectionRequest {
  return {
    ...testToProto(body),
    attendeeAddresses: body.attendeeAddresses === 'real' ? 'ATTENDEE_ADDRESSES_REAL' : 'ATTENDEE_ADDRESSES_PLACEHOLDER',
    placeholderDomain: body.placeholderDomain ?? '',
  };
}

/** What a test found as the public surface shows it. */
export function mapConnectionTest(test: TestConnectionResponse__Output): contract.ConnectionTest {
  return {
    passed: test.passed,
    steps: test.steps.map(({ step, passed, message }) => ({
      step: step as contract.ConnectionTest['steps'][number]['step'],
      passed,
      message,
    })),
    ...optionalText('baseUrl', test.baseUrl),
    ...optionalProfile(test.profile),
    ...optionalText('accountName', test.accountName),
    ...optionalText('accountEmail', test.accountEmail),
  };
}

function mapPlannedStep(step: PlannedStep__Output): contract.ConnectionPlan['steps'][number] {
  return {
    action: step.action as contract.ConnectionPlan['steps'][number]['action'],
    subject: step.subject,
    ...optionalInstant('start', step.start),
    ...optionalInstant('end', step.end),
    ...optionalText('ourId', step.ourId),
    ...optionalText('theirId', step.theirId),
  };
}

/** What starting would do as the public surface shows it. */
export function mapPlan(plan: PlanConnectionResponse__Output): contract.ConnectionPlan {
  return { steps: plan.steps.map(mapPlannedStep), counts: plan.counts, mailNotice: plan.mailNotice };
}

/** A row that is not in step as the public surface shows it. */
export function mapSyncWork(work: SyncWork__Output): contract.SyncWork {
  return {
    ...optionalText('appointmentId', work.appointmentId),
    state: mapSyncState(work.state),
    attempts: work.attempts,
    ...optionalText('lastError', work.lastError),
    ...optionalInstant('nextAttemptAt', work.nextAttemptAt),
  };
}
