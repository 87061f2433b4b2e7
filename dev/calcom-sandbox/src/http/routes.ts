import { confirmBooking, declineBooking, markAbsent } from '../api/booking-decisions.ts';
import { listBookings } from '../api/booking-list.ts';
import { cancelBooking, createBooking, getBooking, rescheduleBooking } from '../api/bookings.ts';
import { createEventType, deleteEventType, getEventType, listEventTypes, updateEventType } from '../api/event-types.ts';
import { getMe, updateMe } from '../api/me.ts';
import {
  createSchedule,
  deleteSchedule,
  getDefaultSchedule,
  getSchedule,
  listSchedules,
  updateSchedule,
} from '../api/schedules.ts';
import { deleteReservation, getReservation, getSlots, reserveSlot, updateReservation } from '../api/slots.ts';
import { createWebhook, deleteWebhook, getWebhook, listWebhooks, updateWebhook } from '../api/webhooks.ts';
import type { AuthRule } from './auth.ts';
import type { ApiHandler } from './request.ts';
import type { Resource } from './versions.ts';

/** One operation of the API; `path` is below `/v2` with `{name}` parameters. */
export type ApiRoute = {
  method: string;
  path: string;
  operation: string;
  resource: Resource;
  auth: AuthRule;
  handle: ApiHandler;
};

function route(line: string, operation: string, resource: Resource, auth: AuthRule, handle: ApiHandler): ApiRoute {
  const [method = '', path = ''] = line.split(' ');
  return { method, path, operation, resource, auth, handle };
}

/** Every operation of the sandbox, fixed paths before those with parameters. */
export const ROUTES: ApiRoute[] = [
  route('GET /me', 'getMe', 'any', 'required', getMe),
  route('PATCH /me', 'updateMe', 'any', 'required', updateMe),
  route('POST /schedules', 'createSchedule', 'schedules', 'required', createSchedule),
  route('GET /schedules', 'listSchedules', 'schedules', 'required', listSchedules),
  route('GET /schedules/default', 'getDefaultSchedule', 'schedules', 'required', getDefaultSchedule),
  route('GET /schedules/{scheduleId}', 'getSchedule', 'schedules', 'required', getSchedule),
  route('PATCH /schedules/{scheduleId}', 'updateSchedule', 'schedules', 'required', updateSchedule),
  route('DELETE /schedules/{scheduleId}', 'deleteSchedule', 'schedules', 'required', deleteSchedule),
  route('POST /event-types', 'createEventType', 'eventTypes', 'required', createEventType),
  route('GET /event-types', 'listEventTypes', 'eventTypes', 'optional', listEventTypes),
  route('GET /event-types/{eventTypeId}', 'getEventType', 'eventTypes', 'required', getEventType),
  route('PATCH /event-types/{eventTypeId}', 'updateEventType', 'eventTypes', 'required', updateEventType),
  route('DELETE /event-types/{eventTypeId}', 'deleteEventType', 'eventTypes', 'required', deleteEventType),
  route('GET /slots', 'getSlots', 'slots', 'optional', getSlots),
  route('POST /slots/reservations', 'reserveSlot', 'slots', 'optional', reserveSlot),
  route('GET /slots/reservations/{uid}', 'getReservation', 'slots', 'optional', getReservation),
  route('PATCH /slots/reservations/{uid}', 'updateReservation', 'slots', 'optional', updateReservation),
  route('DELETE /slots/reservations/{uid}', 'deleteReservation', 'slots', 'optional', deleteReservation),
  route('POST /bookings', 'createBooking', 'bookings', 'optional', createBooking),
  route('GET /bookings', 'listBookings', 'bookings', 'guarded', listBookings),
  route('GET /bookings/{bookingUid}', 'getBooking', 'bookings', 'optional', getBooking),
  route('POST /bookings/{bookingUid}/reschedule', 'rescheduleBooking', 'bookings', 'optional', rescheduleBooking),
  route('POST /bookings/{bookingUid}/cancel', 'cancelBooking', 'bookings', 'optional', cancelBooking),
  route('POST /bookings/{bookingUid}/confirm', 'confirmBooking', 'bookings', 'required', confirmBooking),
  route('POST /bookings/{bookingUid}/decline', 'declineBooking', 'bookings', 'required', declineBooking),
  route('POST /bookings/{bookingUid}/mark-absent', 'markAbsent', 'bookings', 'required', markAbsent),
  route('POST /webhooks', 'createWebhook', 'any', 'required', createWebhook),
  route('GET /webhooks', 'listWebhooks', 'any', 'required', listWebhooks),
  route('GET /webhooks/{webhookId}', 'getWebhook', 'any', 'required', getWebhook),
  route('PATCH /webhooks/{webhookId}', 'updateWebhook', 'any', 'required', updateWebhook),
  route('DELETE /webhooks/{webhookId}', 'deleteWebhook', 'any', 'required', deleteWebhook),
];

/** The route of a request and its path parameters, or null. `path` is below `/v2`. */
export function findRoute(method: string, path: string): { route: ApiRoute; params: Record<string, string> } | null {
  const segments = path.replace(/\/+$/, '').split('/');
  for (const candidate of ROUTES) {
    const wanted = candidate.path.split('/');
    if (candidate.method !== method || wanted.length !== segments.length) continue;
    const params: Record<string, string> = {};
    const fits = wanted.every((part, index) => {
      const segment = segments[index] ?? '';
      if (!part.startsWith('{')) return part === segment;
      params[part.slice(1, -1)] = decodeSegment(segment);
      return segment !== '';
    });
    if (fits) return { route: candidate, params };
  }
  return null;
}

function decodeSegment(segment: string): string {
  try {
    return decodeURIComponent(segment);
  } catch {
    return segment;
  }
}
