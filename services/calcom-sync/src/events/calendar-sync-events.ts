import { randomUUID } from 'node:crypto';
import { encodeCalendarSyncEvent } from '@daybook/protos/codecs';
import type { Connection as ProtoConnection } from '@daybook/protos/gen/daybook/calendarsync/v1/Connection';
import { toTimestamp } from '@daybook/protos/instant';
import type { StreamSpec } from '@daybook/runtime/nats';
import type { OutboxRow } from '@daybook/runtime/outbox';
import type { Standing } from '../domain/calendar-link.ts';
import type { Connection, LinkState, WorkCount } from '../domain/connection.ts';

/** The stream this service owns and declares. */
export const calendarSyncStream: StreamSpec = {
  name: 'DAYBOOK_CALENDARSYNC',
  subjects: ['daybook.calendarsync.v1.>'],
  maxAgeDays: 7,
};

/** The only target there is today. */
export const CALCOM = 'calcom';

const verbs = { waiting: 'waiting', in_step: 'synced', failed: 'failed', different: 'different' } as const;

/** Our words for a state as the proto says them. */
export const protoSyncStates = {
  waiting: 'SYNC_STATE_WAITING',
  in_step: 'SYNC_STATE_IN_STEP',
  failed: 'SYNC_STATE_FAILED',
  different: 'SYNC_STATE_DIFFERENT',
} as const satisfies Record<LinkState, string>;

const protoConnectionStates = {
  off: 'CONNECTION_STATE_OFF',
  connected: 'CONNECTION_STATE_CONNECTED',
  unreachable: 'CONNECTION_STATE_UNREACHABLE',
  needs_attention: 'CONNECTION_STATE_NEEDS_ATTENTION',
  paused: 'CONNECTION_STATE_PAUSED',
} as const satisfies Record<Connection['state'], string>;

const protoProfiles = {
  '': 'CALCOM_PROFILE_UNSPECIFIED',
  hosted: 'CALCOM_PROFILE_HOSTED',
  self_hosted: 'CALCOM_PROFILE_SELF_HOSTED',
} as const satisfies Record<Connection['profile'], string>;

/** Which kind of Cal.com as the proto says it. */
export function toProtoProfile(profile: Connection['profile']): (typeof protoProfiles)[Connection['profile']] {
  return protoProfiles[profile];
}

const protoInbound = {
  polling: 'INBOUND_STATE_POLLING',
  webhook: 'INBOUND_STATE_WEBHOOK',
  webhook_failed: 'INBOUND_STATE_WEBHOOK_FAILED',
} as const satisfies Record<Connection['inbound'], string>;

function optionalTimestamp(milliseconds: number | undefined) {
  return milliseconds === undefined ? null : toTimestamp(new Date(milliseconds));
}

/** How one appointment stands now, for the world. Times are epoch milliseconds. */
export type AppointmentStanding = {
  organizationId: string;
  appointmentId: string;
  appointmentVersion: number;
  state: LinkState;
  standing: Standing | undefined;
  newestUid: string;
  syncedAt: number | undefined;
  message: string;
  /** Version of the event, one more than the last one of this appointment. */
  eventVersion: number;
};

/** The outbox row of AppointmentSyncChanged. */
export function appointmentSyncChanged(now: Date, fact: AppointmentStanding): OutboxRow {
  const eventId = randomUUID();
  const payload = encodeCalendarSyncEvent({
    eventId,
    organizationId: fact.organizationId,
    occurredAt: toTimestamp(now),
    aggregateId: fact.appointmentId,
    aggregateVersion: fact.eventVersion,
    appointmentSyncChanged: {
      appointmentId: fact.appointmentId,
      appointmentVersion: fact.appointmentVersion,
      state: protoSyncStates[fact.state],
      target: CALCOM,
      externalUid: fact.standing?.uid ?? fact.newestUid,
      start: fact.standing ? toTimestamp(new Date(fact.standing.start)) : null,
      durationMinutes: fact.standing?.minutes ?? 0,
      syncedAt: fact.syncedAt === undefined ? null : toTimestamp(new Date(fact.syncedAt)),
      lastError: fact.message,
    },
  });
  return {
    eventId,
    subject: `daybook.calendarsync.v1.appointment.${verbs[fact.state]}`,
    aggregateId: fact.appointmentId,
    aggregateVersion: fact.eventVersion,
    payload,
    occurredAt: now,
  };
}

/** The outbox row of ConnectionChanged. */
export function connectionChanged(now: Date, connection: Connection, work: WorkCount): OutboxRow {
  const eventId = randomUUID();
  const payload = encodeCalendarSyncEvent({
    eventId,
    organizationId: connection.organizationId,
    occurredAt: toTimestamp(now),
    aggregateId: connection.id,
    aggregateVersion: connection.eventVersion,
    connectionChanged: { connection: toProtoConnection(connection, work) },
  });
  return {
    eventId,
    subject: 'daybook.calendarsync.v1.connection.changed',
    aggregateId: connection.id,
    aggregateVersion: connection.eventVersion,
    payload,
    occurredAt: now,
  };
}

/** A connection as the proto says it; it never holds the key. */
export function toProtoConnection(connection: Connection, work: WorkCount): ProtoConnection {
  return {
    id: connection.id,
    organizationId: connection.organizationId,
    target: connection.target,
    state: protoConnectionStates[connection.state],
    baseUrl: connection.baseUrl,
    accountName: connection.accountName,
    message: connection.message,
    lastSuccessAt: optionalTimestamp(connection.lastSuccessAt),
    pending: work.pending,
    parked: work.parked,
    oldestPendingSeconds: work.oldestPendingSeconds,
    profile: toProtoProfile(connection.profile),
    attendeeAddresses:
      connection.attendeeAddresses === 'real' ? 'ATTENDEE_ADDRESSES_REAL' : 'ATTENDEE_ADDRESSES_PLACEHOLDER',
    placeholderDomain: connection.placeholderDomain,
    managedByOperator: connection.managedByOperator,
    inbound: protoInbound[connection.inbound],
    lastPollAt: optionalTimestamp(connection.lastPollAt),
  };
}
