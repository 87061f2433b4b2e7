import type { Connection as ConnectionMessage } from '@daybook/protos/gen/daybook/calendarsync/v1/Connection';
import type { PlanConnectionResponse } from '@daybook/protos/gen/daybook/calendarsync/v1/PlanConnectionResponse';
import type { SyncWork } from '@daybook/protos/gen/daybook/calendarsync/v1/SyncWork';
import type { TestConnectionResponse } from '@daybook/protos/gen/daybook/calendarsync/v1/TestConnectionResponse';
import { toTimestamp } from '@daybook/protos/instant';
import type { ShownConnection } from '../connections/list-connections.ts';
import type { ConnectionPlan } from '../connections/plan-connection.ts';
import type { ConnectionTest } from '../connections/test-connection.ts';
import type { WorkRow } from '../domain/connection.ts';
import { CALCOM, protoSyncStates, toProtoConnection, toProtoProfile } from '../events/calendar-sync-events.ts';
import { toSummaryMessage } from './ledger-mapping.ts';

/** A connection as the proto says it. */
export function toConnectionMessage(shown: ShownConnection): ConnectionMessage {
  const { connection, work, latency, lastSweep } = shown;
  return {
    ...toProtoConnection(connection, work),
    latencyP50Milliseconds: latency?.p50 ?? 0,
    latencyP95Milliseconds: latency?.p95 ?? 0,
    latencyCount: latency?.count ?? 0,
    latencyWithinPromise: latency?.withinPromise ?? 0,
    lastSweep: lastSweep ? toSummaryMessage(lastSweep) : null,
  };
}

/** What an organisation has before anything of it was seen. */
export function offConnection(organizationId: string): ConnectionMessage {
  return { organizationId, target: CALCOM, state: 'CONNECTION_STATE_OFF' };
}

/** What a test found as the proto says it. */
export function toTestMessage(test: ConnectionTest): TestConnectionResponse {
  return {
    passed: test.passed,
    steps: test.steps,
    baseUrl: test.baseUrl,
    profile: toProtoProfile(test.profile),
    accountName: test.account?.name ?? '',
    accountEmail: test.account?.email ?? '',
  };
}

/** What starting would do as the proto says it. */
export function toPlanMessage(plan: ConnectionPlan): PlanConnectionResponse {
  return {
    steps: plan.steps.map(({ action, subject, start, end, ourId, theirId }) => ({
      action,
      subject,
      start: start === undefined ? null : toTimestamp(new Date(start)),
      end: end === undefined ? null : toTimestamp(new Date(end)),
      ourId,
      theirId,
    })),
    counts: plan.counts,
    mailNotice: plan.mailNotice,
  };
}

/** A row of work as the proto says it. */
export function toWorkMessage(row: WorkRow): SyncWork {
  return {
    appointmentId: row.appointmentId,
    state: protoSyncStates[row.state],
    attempts: row.attempts,
    lastError: row.message,
    nextAttemptAt: row.nextAttemptAt ? toTimestamp(row.nextAttemptAt) : null,
  };
}
