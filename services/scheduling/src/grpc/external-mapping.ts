import type { ApplyExternalChangeRequest__Output } from '@daybook/protos/gen/daybook/scheduling/v1/ApplyExternalChangeRequest';
import type { ReceivedTimestamp } from '@daybook/protos/instant';
import { ValidationError } from '@daybook/runtime/errors';
import type { ApplyExternalChange } from '../app/apply-external-change.ts';
import { readId, readInstant, readOptionalId } from './fields.ts';
import { readAttendance, readCustomer } from './mapping.ts';

/** A request as the use case takes it. @throws ValidationError */
export function readExternalChange(request: ApplyExternalChangeRequest__Output): ApplyExternalChange {
  const { source, changeKey } = request;
  return {
    organizationId: readId(request.organizationId, '/organizationId'),
    source,
    changeKey,
    change: readChange(request),
  };
}

function readChange(request: ApplyExternalChangeRequest__Output): ApplyExternalChange['change'] {
  const { booked, moved, cancelled, attendance, people } = request;
  if (booked) {
    return {
      kind: 'booked',
      providerId: readOptionalId(booked.providerId, '/booked/providerId'),
      appointmentTypeId: readOptionalId(booked.appointmentTypeId, '/booked/appointmentTypeId'),
      start: requireInstant(booked.start, '/booked/start'),
      durationMinutes: booked.durationMinutes,
      customer: readCustomer(booked.customer) ?? { name: '', email: '', phone: '', timeZone: '' },
      notes: booked.notes,
    };
  }
  if (moved) {
    const { durationMinutes, reason, expectedVersion } = moved;
    const start = requireInstant(moved.start, '/moved/start');
    const appointmentId = readId(moved.appointmentId, '/moved/appointmentId');
    return { kind: 'moved', appointmentId, start, durationMinutes, reason, expectedVersion };
  }
  if (cancelled) {
    const { reason, expectedVersion } = cancelled;
    const appointmentId = readId(cancelled.appointmentId, '/cancelled/appointmentId');
    return { kind: 'cancelled', appointmentId, reason, expectedVersion };
  }
  if (attendance) {
    const mark = readAttendance(attendance.attendance);
    if (mark === 'no_show' || mark === 'expected') {
      const appointmentId = readId(attendance.appointmentId, '/attendance/appointmentId');
      return { kind: 'attendance', appointmentId, attendance: mark };
    }
  }
  if (people) {
    const { before, now } = people;
    return { kind: 'people', appointmentId: readId(people.appointmentId, '/people/appointmentId'), before, now };
  }
  throw new ValidationError([{ pointer: '/change', message: 'Say what happened.' }]);
}

function requireInstant(value: ReceivedTimestamp | null, pointer: string): number {
  const instant = readInstant(value, pointer);
  if (instant !== undefined) return instant;
  throw new ValidationError([{ pointer, message: 'Give a start.' }]);
}
