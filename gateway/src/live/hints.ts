import type { LiveChange } from '@daybook/http-contract/live';
import { decodeCalendarSyncEvent, decodeSchedulingEvent } from '@daybook/protos/codecs';
import type { CalendarSyncEvent__Output } from '@daybook/protos/gen/daybook/calendarsync/v1/CalendarSyncEvent';
import type { SchedulingEvent__Output } from '@daybook/protos/gen/daybook/scheduling/v1/SchedulingEvent';
import type { LiveHint } from './audience.ts';

const uuidPattern = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i;

const kindOfScheduling: Record<NonNullable<SchedulingEvent__Output['payload']>, LiveChange['kind']> = {
  appointmentBooked: 'appointment',
  appointmentRescheduled: 'appointment',
  appointmentChanged: 'appointment',
  appointmentCancelled: 'appointment',
  availabilityChanged: 'availability',
  appointmentTypeChanged: 'appointment_type',
  blockCreated: 'block',
  blockDeleted: 'block',
  blockChanged: 'block',
  customerChanged: 'customer',
  practiceChanged: 'practice',
};

function change(kind: LiveChange['kind'], id: string, version: number): LiveChange {
  return { kind, ...(uuidPattern.test(id) ? { id } : {}), ...(version > 0 ? { version } : {}) };
}

/** What a scheduling event means to a screen; undefined for a payload this gateway does not know. */
export function hintOfSchedulingEvent(data: Uint8Array): LiveHint | undefined {
  const event = decodeSchedulingEvent(data);
  if (!event.payload) return undefined;
  const kind = kindOfScheduling[event.payload];
  return { organizationId: event.organizationId, change: change(kind, event.aggregateId, event.aggregateVersion) };
}

function changeOfSync(event: CalendarSyncEvent__Output): LiveChange | undefined {
  if (event.appointmentSyncChanged) {
    const { appointmentId, appointmentVersion } = event.appointmentSyncChanged;
    return change('sync', appointmentId, appointmentVersion);
  }
  return event.connectionChanged ? change('connection', event.aggregateId, event.aggregateVersion) : undefined;
}

/** What a calendar sync event means to a screen; undefined for a payload this gateway does not know. */
export function hintOfCalendarSyncEvent(data: Uint8Array): LiveHint | undefined {
  const event = decodeCalendarSyncEvent(data);
  const found = changeOfSync(event);
  return found && { organizationId: event.organizationId, change: found };
}
