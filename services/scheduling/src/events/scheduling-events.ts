import { randomUUID } from 'node:crypto';
import { decodeSchedulingEvent, encodeSchedulingEvent } from '@daybook/protos/codecs';
import type { Appointment as ProtoAppointment } from '@daybook/protos/gen/daybook/scheduling/v1/Appointment';
import type { SchedulingEvent } from '@daybook/protos/gen/daybook/scheduling/v1/SchedulingEvent';
import { toTimestamp } from '@daybook/protos/instant';
import type { OutboxRow } from '@daybook/runtime/outbox';
import type { Appointment, AppointmentFact, AppointmentStatus } from '../domain/appointment.ts';
import type { AppointmentType } from '../domain/appointment-type.ts';
import type { AvailabilityRules } from '../domain/availability.ts';
import type { Block } from '../domain/block.ts';
import type { Customer } from '../domain/customer.ts';

const area = 'daybook.scheduling.v1';

const statuses = {
  scheduled: 'APPOINTMENT_STATUS_SCHEDULED',
  completed: 'APPOINTMENT_STATUS_COMPLETED',
  no_show: 'APPOINTMENT_STATUS_NO_SHOW',
  cancelled: 'APPOINTMENT_STATUS_CANCELLED',
} as const satisfies Record<AppointmentStatus, string>;

type Envelope = {
  organizationId: string;
  aggregateId: string;
  aggregateVersion: number;
  /** Epoch milliseconds. */
  occurredAt: number;
};

function toOutboxRow(subject: string, envelope: Envelope, payload: SchedulingEvent): OutboxRow {
  const eventId = randomUUID();
  const occurredAt = new Date(envelope.occurredAt);
  const event: SchedulingEvent = {
    ...payload,
    eventId,
    organizationId: envelope.organizationId,
    occurredAt: toTimestamp(occurredAt),
    aggregateId: envelope.aggregateId,
    aggregateVersion: envelope.aggregateVersion,
  };
  return {
    eventId,
    subject: `${area}.${subject}`,
    aggregateId: envelope.aggregateId,
    aggregateVersion: envelope.aggregateVersion,
    payload: encodeSchedulingEvent(event),
    occurredAt,
  };
}

/**
 * The event of what happened to an appointment, with its whole new state.
 * @param occurredAt epoch milliseconds of the change as the writer knows it; sync latency counts from here
 */
export function appointmentEvent(fact: AppointmentFact, occurredAt: number): OutboxRow {
  const { appointment } = fact;
  const envelope: Envelope = {
    organizationId: appointment.organizationId,
    aggregateId: appointment.id,
    aggregateVersion: appointment.version,
    occurredAt,
  };
  return toOutboxRow(`appointment.${fact.kind}`, envelope, appointmentPayload(fact));
}

function appointmentPayload(fact: AppointmentFact): SchedulingEvent {
  const appointment = toProtoAppointment(fact.appointment);
  switch (fact.kind) {
    case 'booked':
      return { appointmentBooked: { appointment } };
    case 'rescheduled': {
      const { start, end } = fact.previous;
      const previous = { start: toTimestamp(new Date(start)), end: toTimestamp(new Date(end)) };
      return { appointmentRescheduled: { appointment, previous, reason: fact.reason } };
    }
    case 'changed':
      return { appointmentChanged: { appointment } };
    case 'cancelled':
      return { appointmentCancelled: { appointment } };
  }
}

/** The event of new hours, with the whole rule set. The aggregate is the provider. */
export function availabilityEvent(
  provider: { id: string; organizationId: string },
  rules: AvailabilityRules,
  version: number,
  occurredAt: number,
): OutboxRow {
  const availability = {
    providerId: provider.id,
    organizationId: provider.organizationId,
    version,
    timeZone: rules.timeZone,
    weekly: rules.weekly.map((window) => ({ ...window })),
    overrides: rules.overrides.map((override) => ({
      ...override,
      intervals: override.intervals.map((window) => ({ ...window })),
    })),
  };
  const envelope = {
    organizationId: provider.organizationId,
    aggregateId: provider.id,
    aggregateVersion: version,
    occurredAt,
  };
  return toOutboxRow('availability.changed', envelope, { availabilityChanged: { availability } });
}

/** The event of a made, changed or archived type, with its whole state. */
export function appointmentTypeEvent(type: AppointmentType, occurredAt: number): OutboxRow {
  const envelope = {
    organizationId: type.organizationId,
    aggregateId: type.id,
    aggregateVersion: type.version,
    occurredAt,
  };
  const payload = { appointmentTypeChanged: { appointmentType: toProtoType(type) } };
  return toOutboxRow('appointment_type.changed', envelope, payload);
}

/**
 * The event of a made, changed or removed block, with its whole state.
 * @param version after what happened
 */
export function blockEvent(
  kind: 'created' | 'changed' | 'deleted',
  block: Block,
  version: number,
  occurredAt: number,
): OutboxRow {
  const { start, end, ...rest } = block;
  const state = { ...rest, start: toTimestamp(new Date(start)), end: toTimestamp(new Date(end)) };
  const envelope = {
    organizationId: block.organizationId,
    aggregateId: block.id,
    aggregateVersion: version,
    occurredAt,
  };
  const payloads = {
    created: { blockCreated: { block: state } },
    changed: { blockChanged: { block: state } },
    deleted: { blockDeleted: { block: state } },
  };
  return toOutboxRow(`block.${kind}`, envelope, payloads[kind]);
}

/**
 * Says that a customer was made, changed, or joined into another one; particulars stay out of the stream.
 * @param mergedIntoId the customer it was joined into, empty while it is there
 */
export function customerEvent(
  customer: { id: string; organizationId: string; version: number },
  mergedIntoId: string,
  occurredAt: number,
): OutboxRow {
  const envelope = {
    organizationId: customer.organizationId,
    aggregateId: customer.id,
    aggregateVersion: customer.version,
    occurredAt,
  };
  return toOutboxRow('customer.changed', envelope, { customerChanged: { customerId: customer.id, mergedIntoId } });
}

/**
 * Says that a customer is to be forgotten by everybody who keeps their name.
 * @param appointmentIds all of the customer's
 */
export function customerErasedEvent(
  customer: { id: string; organizationId: string; version: number },
  appointmentIds: readonly string[],
  occurredAt: number,
): OutboxRow {
  const envelope = {
    organizationId: customer.organizationId,
    aggregateId: customer.id,
    aggregateVersion: customer.version,
    occurredAt,
  };
  return toOutboxRow('customer.changed', envelope, {
    customerChanged: { customerId: customer.id, mergedIntoId: '', erased: true, appointmentIds: [...appointmentIds] },
  });
}

/** The event of an appointment with an erased customer in place of who came, and without what was written about them. */
export function withoutCustomer(payload: Uint8Array, erased: Customer): Uint8Array {
  const event = decodeSchedulingEvent(payload);
  const change =
    event.appointmentBooked ?? event.appointmentRescheduled ?? event.appointmentChanged ?? event.appointmentCancelled;
  if (!change?.appointment) return payload;
  change.appointment = { ...change.appointment, customer: { ...erased }, notes: '', cancellationReason: '' };
  if ('reason' in change) change.reason = '';
  return encodeSchedulingEvent(event);
}

/** Says that the practice's particulars changed. */
export function practiceEvent(organizationId: string, version: number, occurredAt: number): OutboxRow {
  const envelope = { organizationId, aggregateId: organizationId, aggregateVersion: version, occurredAt };
  return toOutboxRow('practice.changed', envelope, { practiceChanged: {} });
}

function toProtoType(type: AppointmentType): NonNullable<ProtoAppointment['appointmentType']> {
  return { ...type, durationsMinutes: [...type.durationsMinutes] };
}

function toProtoAppointment(appointment: Appointment): ProtoAppointment {
  const { type, start, end, arrivedAt, createdAt, updatedAt, status, ...rest } = appointment;
  return {
    ...rest,
    appointmentType: toProtoType(type),
    start: toTimestamp(new Date(start)),
    end: toTimestamp(new Date(end)),
    durationMinutes: Math.round((end - start) / 60_000),
    status: statuses[status],
    arrivedAt: arrivedAt === undefined ? null : toTimestamp(new Date(arrivedAt)),
    createdAt: toTimestamp(new Date(createdAt)),
    updatedAt: toTimestamp(new Date(updatedAt)),
    sync: null,
  };
}
