import { randomUUID } from 'node:crypto';
import { encodeSchedulingEvent } from '@daybook/protos/codecs';
import type { SchedulingEvent } from '@daybook/protos/gen/daybook/scheduling/v1/SchedulingEvent';
import { toTimestamp } from '@daybook/protos/instant';

/** What scheduling would say of one appointment; `start` is epoch milliseconds. */
export type TestAppointment = {
  id: string;
  start: number;
  minutes: number;
  version: number;
  status:
    | 'APPOINTMENT_STATUS_SCHEDULED'
    | 'APPOINTMENT_STATUS_CANCELLED'
    | 'APPOINTMENT_STATUS_NO_SHOW'
    | 'APPOINTMENT_STATUS_COMPLETED';
  customerName: string;
  /** Empty: none is told, as before types were mirrored. */
  typeId: string;
};

/** What scheduling would say of an appointment type. */
export type TestType = {
  id: string;
  name: string;
  slug: string;
  durationsMinutes: number[];
  bufferBeforeMinutes: number;
  bufferAfterMinutes: number;
  minimumNoticeMinutes: number;
  horizonDays: number;
  slotStepMinutes: number;
  archived: boolean;
  version: number;
};

/** A change as the outbox of scheduling holds it. */
export type TestChange = { sequence: number; subject: string; event: Uint8Array; eventId: string };

const MINUTE = 60_000;

/**
 * A practice as scheduling would see it, for tests: keeps the truth, writes the changes, and rings the doorbell through
 * `publish`.
 */
export class Practice {
  readonly organizationId = randomUUID();
  readonly providerId = randomUUID();
  readonly appointments = new Map<string, TestAppointment>();
  readonly blocked: number[] = [];
  readonly types = new Map<string, TestType>();
  readonly changes: TestChange[] = [];
  readonly #publish: (change: TestChange) => Promise<void>;
  #hoursVersion = 0;

  constructor(publish: (change: TestChange) => Promise<void>) {
    this.#publish = publish;
  }

  /** Tomorrow at 08:00 UTC plus so many minutes, epoch milliseconds. */
  at(minutes: number): number {
    const day = 24 * 60 * MINUTE;
    return Math.floor(Date.now() / day) * day + day + 8 * 60 * MINUTE + minutes * MINUTE;
  }

  async book(start: number, minutes = 30, customerName = 'Leo Park', typeId = ''): Promise<TestAppointment> {
    const appointment: TestAppointment = {
      id: randomUUID(),
      start,
      minutes,
      version: 1,
      status: 'APPOINTMENT_STATUS_SCHEDULED' as const,
      customerName,
      typeId,
    };
    this.appointments.set(appointment.id, appointment);
    await this.#tell('booked', appointment, { appointmentBooked: { appointment: this.#message(appointment) } });
    return appointment;
  }

  async move(id: string, start: number): Promise<void> {
    const appointment = this.#change(id, { start });
    await this.#tell('rescheduled', appointment, {
      appointmentRescheduled: { appointment: this.#message(appointment) },
    });
  }

  /** A new place of any kind, as an outside calendar may tell it. */
  async place(id: string, start: number, minutes: number): Promise<void> {
    const appointment = this.#change(id, { start, minutes });
    await this.#tell('rescheduled', appointment, {
      appointmentRescheduled: { appointment: this.#message(appointment) },
    });
  }

  async attend(id: string, status: TestAppointment['status']): Promise<void> {
    const appointment = this.#change(id, { status });
    await this.#tell('changed', appointment, { appointmentChanged: { appointment: this.#message(appointment) } });
  }

  /** Makes or changes a type; a change raises its version. */
  async offer(type: Partial<TestType> & { slug: string }): Promise<TestType> {
    const known = [...this.types.values()].find(({ id, slug }) => id === type.id || slug === type.slug);
    const next: TestType = {
      id: randomUUID(),
      name: 'Consultation',
      durationsMinutes: [30, 60],
      bufferBeforeMinutes: 0,
      bufferAfterMinutes: 0,
      minimumNoticeMinutes: 0,
      horizonDays: 365,
      slotStepMinutes: 15,
      archived: false,
      ...known,
      ...type,
      version: (known?.version ?? 0) + 1,
    };
    this.types.set(next.id, next);
    const appointmentType = { ...next, organizationId: this.organizationId };
    await this.#write('appointment_type.changed', next.id, next.version, {
      appointmentTypeChanged: { appointmentType },
    });
    return next;
  }

  /** Half an hour the provider keeps for themselves, known to scheduling only. */
  blockTime(start: number): void {
    this.blocked.push(start);
  }

  /** An appointment as an answer of scheduling holds it. */
  message(id: string) {
    const known = this.appointments.get(id);
    if (!known) throw new Error('no such appointment');
    return this.#message(known);
  }

  async resize(id: string, minutes: number): Promise<void> {
    const appointment = this.#change(id, { minutes });
    await this.#tell('changed', appointment, { appointmentChanged: { appointment: this.#message(appointment) } });
  }

  async cancel(id: string): Promise<void> {
    const appointment = this.#change(id, { status: 'APPOINTMENT_STATUS_CANCELLED' });
    await this.#tell('cancelled', appointment, { appointmentCancelled: { appointment: this.#message(appointment) } });
  }

  async setHours(hours: {
    timeZone: string;
    weekly: { weekday: number; startMinute: number; endMinute: number }[];
    overrides: { date: string; endDate: string; intervals: { startMinute: number; endMinute: number }[] }[];
  }): Promise<void> {
    this.#hoursVersion += 1;
    const { organizationId, providerId } = this;
    const availability = { providerId, organizationId, version: this.#hoursVersion, ...hours };
    await this.#write('availability.changed', providerId, this.#hoursVersion, {
      availabilityChanged: { availability },
    });
  }

  /** What should stand in the outside calendar: start and length by appointment id. */
  wanted(): Record<string, string> {
    const standing = [...this.appointments.values()].filter(({ status }) => status === 'APPOINTMENT_STATUS_SCHEDULED');
    return Object.fromEntries(standing.map(({ id, start, minutes }) => [id, describePlace(start, minutes)]));
  }

  #change(id: string, change: Partial<TestAppointment>): TestAppointment {
    const known = this.appointments.get(id);
    if (!known) throw new Error('no such appointment');
    const next = { ...known, ...change, version: known.version + 1 };
    this.appointments.set(id, next);
    return next;
  }

  #tell(verb: string, appointment: TestAppointment, payload: Partial<SchedulingEvent>): Promise<void> {
    return this.#write(`appointment.${verb}`, appointment.id, appointment.version, payload);
  }

  async #write(subject: string, id: string, version: number, payload: Partial<SchedulingEvent>): Promise<void> {
    const eventId = randomUUID();
    const event = encodeSchedulingEvent({
      eventId,
      organizationId: this.organizationId,
      occurredAt: toTimestamp(new Date()),
      aggregateId: id,
      aggregateVersion: version,
      ...payload,
    });
    const sequence = this.changes.length + 1;
    const change = { sequence, subject: `daybook.scheduling.v1.${subject}`, event, eventId };
    this.changes.push(change);
    await this.#publish(change);
  }

  #message(appointment: TestAppointment) {
    const { id, start, minutes, version, status, customerName, typeId } = appointment;
    return {
      id,
      organizationId: this.organizationId,
      providerId: this.providerId,
      start: toTimestamp(new Date(start)),
      end: toTimestamp(new Date(start + minutes * MINUTE)),
      durationMinutes: minutes,
      status,
      version,
      ...(typeId === '' ? {} : { appointmentType: { id: typeId, organizationId: this.organizationId } }),
      customer: { id: randomUUID(), name: customerName, email: 'leo@example.com', timeZone: 'Europe/Lisbon' },
    };
  }
}

/** A place in a calendar as one comparable text. */
export function describePlace(start: number, minutes: number): string {
  return `${new Date(start).toISOString()} ${minutes} min`;
}
