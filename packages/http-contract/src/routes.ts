import { z } from 'zod';
import {
  appointment,
  appointmentDetails,
  appointmentPage,
  bookAppointmentRequest,
  cancelAppointmentQuery,
  listAppointmentsQuery,
  listSlotsQuery,
  rescheduleAppointmentRequest,
  slotList,
  updateAppointmentRequest,
} from './appointments.ts';
import {
  availability,
  availabilityQuery,
  replaceAvailabilityRequest,
  replaceAvailabilityResponse,
} from './availability.ts';
import { calendarConnectionList, retrySyncRequest, retrySyncResponse, syncWorkList } from './calendar-connections.ts';
import { uuid } from './common.ts';
import {
  appointmentType,
  appointmentTypeList,
  appointmentTypeRequest,
  block,
  blockList,
  createBlockRequest,
  customerPage,
  listAppointmentTypesQuery,
  listBlocksQuery,
  listCustomersQuery,
  providerList,
} from './practice.ts';
import type { ProblemCode } from './problems.ts';
import { loginRequest, meResponse, sessionResponse } from './session.ts';

/** One route of the public API: what it takes, what it answers, which problems are its own. */
export type Route = {
  operationId: string;
  method: 'get' | 'post' | 'put' | 'delete';
  /** With {parameters}; all of them are UUIDs. */
  path: string;
  tag: string;
  summary: string;
  description?: string;
  /** Needs no session. */
  open?: true;
  query?: z.ZodObject;
  body?: z.ZodType;
  /** Request headers it honours. */
  headers?: ('Idempotency-Key' | 'If-Match')[];
  success: {
    status: 200 | 201 | 204;
    description: string;
    schema?: z.ZodType;
    etag?: true;
    location?: true;
    stream?: true;
  };
  problems: ProblemCode[];
};

/** Path parameters of every route that has {id}. */
export const idParameters = z.strictObject({ id: uuid });

const changeProblems: ProblemCode[] = [
  'APPOINTMENT_NOT_FOUND',
  'SLOT_TAKEN',
  'VERSION_CONFLICT',
  'OUTSIDE_AVAILABILITY',
  'START_IN_PAST',
  'TOO_SHORT_NOTICE',
  'BEYOND_HORIZON',
  'DURATION_NOT_OFFERED',
  'APPOINTMENT_NOT_CHANGEABLE',
  'IDEMPOTENCY_KEY_REUSED',
  'IDEMPOTENCY_KEY_IN_FLIGHT',
  'NOT_PERMITTED',
];

/** Every route of the public API. The OpenAPI document and the tests that walk all routes are made from this list. */
export const routes: readonly Route[] = [
  {
    operationId: 'logIn',
    method: 'post',
    path: '/api/auth/login',
    tag: 'Session',
    summary: 'Sign in',
    description: 'Opens a session. The tokens also travel as HttpOnly cookies.',
    open: true,
    body: loginRequest,
    success: { status: 200, description: 'Signed in.', schema: sessionResponse },
    problems: ['INVALID_CREDENTIALS', 'TOO_MANY_ATTEMPTS'],
  },
  {
    operationId: 'refreshSession',
    method: 'post',
    path: '/api/auth/refresh',
    tag: 'Session',
    summary: 'Renew the access token',
    description: 'Uses the refresh cookie and replaces both cookies.',
    open: true,
    success: { status: 200, description: 'Renewed.', schema: sessionResponse },
    problems: ['SESSION_INVALID', 'SESSION_EXPIRED'],
  },
  {
    operationId: 'logOut',
    method: 'post',
    path: '/api/auth/logout',
    tag: 'Session',
    summary: 'Sign out everywhere this session is used',
    description: 'Idempotent; ends the session at once and clears the cookies.',
    open: true,
    success: { status: 204, description: 'Signed out.' },
    problems: [],
  },
  {
    operationId: 'getCurrentUser',
    method: 'get',
    path: '/api/auth/me',
    tag: 'Session',
    summary: 'Who is signed in',
    success: { status: 200, description: 'The user.', schema: meResponse },
    problems: [],
  },
  {
    operationId: 'bookAppointment',
    method: 'post',
    path: '/api/appointments',
    tag: 'Appointments',
    summary: 'Book an appointment',
    body: bookAppointmentRequest,
    headers: ['Idempotency-Key'],
    success: { status: 201, description: 'Booked.', schema: appointment, etag: true, location: true },
    problems: [
      'SLOT_TAKEN',
      'OUTSIDE_AVAILABILITY',
      'START_IN_PAST',
      'TOO_SHORT_NOTICE',
      'BEYOND_HORIZON',
      'DURATION_NOT_OFFERED',
      'PROVIDER_NOT_FOUND',
      'APPOINTMENT_TYPE_NOT_FOUND',
      'IDEMPOTENCY_KEY_REUSED',
      'IDEMPOTENCY_KEY_IN_FLIGHT',
      'NOT_PERMITTED',
    ],
  },
  {
    operationId: 'listAppointments',
    method: 'get',
    path: '/api/appointments',
    tag: 'Appointments',
    summary: 'List appointments in order of time',
    query: listAppointmentsQuery,
    success: { status: 200, description: 'A page.', schema: appointmentPage },
    problems: [],
  },
  {
    operationId: 'getAppointment',
    method: 'get',
    path: '/api/appointments/{id}',
    tag: 'Appointments',
    summary: 'One appointment with its history',
    success: { status: 200, description: 'The appointment.', schema: appointmentDetails, etag: true },
    problems: ['APPOINTMENT_NOT_FOUND'],
  },
  {
    operationId: 'updateAppointment',
    method: 'put',
    path: '/api/appointments/{id}',
    tag: 'Appointments',
    summary: 'Change an appointment',
    description: 'Absent fields stay as they are.',
    body: updateAppointmentRequest,
    headers: ['If-Match', 'Idempotency-Key'],
    success: { status: 200, description: 'Changed.', schema: appointment, etag: true },
    problems: changeProblems,
  },
  {
    operationId: 'rescheduleAppointment',
    method: 'post',
    path: '/api/appointments/{id}/reschedule',
    tag: 'Appointments',
    summary: 'Move an appointment to a new start',
    description: 'Customer, type and length stay.',
    body: rescheduleAppointmentRequest,
    headers: ['If-Match', 'Idempotency-Key'],
    success: { status: 200, description: 'Moved.', schema: appointment, etag: true },
    problems: changeProblems,
  },
  {
    operationId: 'cancelAppointment',
    method: 'delete',
    path: '/api/appointments/{id}',
    tag: 'Appointments',
    summary: 'Cancel an appointment',
    description: 'The row stays, with status cancelled; the time is free. A repeat changes nothing.',
    query: cancelAppointmentQuery,
    headers: ['If-Match'],
    success: { status: 200, description: 'Cancelled.', schema: appointment, etag: true },
    problems: ['APPOINTMENT_NOT_FOUND', 'VERSION_CONFLICT', 'APPOINTMENT_NOT_CHANGEABLE', 'NOT_PERMITTED'],
  },
  {
    operationId: 'listSlots',
    method: 'get',
    path: '/api/slots',
    tag: 'Availability',
    summary: 'Bookable starts',
    query: listSlotsQuery,
    success: { status: 200, description: 'The starts.', schema: slotList },
    problems: ['RANGE_TOO_LONG', 'APPOINTMENT_TYPE_NOT_FOUND', 'PROVIDER_NOT_FOUND', 'DURATION_NOT_OFFERED'],
  },
  {
    operationId: 'getAvailability',
    method: 'get',
    path: '/api/availability',
    tag: 'Availability',
    summary: 'Weekly hours, overrides and free time',
    query: availabilityQuery,
    success: { status: 200, description: 'The rules and the free time.', schema: availability, etag: true },
    problems: ['RANGE_TOO_LONG', 'PROVIDER_NOT_FOUND'],
  },
  {
    operationId: 'replaceAvailability',
    method: 'put',
    path: '/api/availability',
    tag: 'Availability',
    summary: 'Replace weekly hours, overrides and zone',
    description: 'Moves and cancels nothing; the answer lists appointments now outside the hours.',
    query: z.strictObject({ providerId: uuid.optional() }),
    body: replaceAvailabilityRequest,
    headers: ['If-Match'],
    success: { status: 200, description: 'Replaced.', schema: replaceAvailabilityResponse, etag: true },
    problems: ['VERSION_CONFLICT', 'PROVIDER_NOT_FOUND', 'NOT_PERMITTED'],
  },
  {
    operationId: 'createBlock',
    method: 'post',
    path: '/api/blocks',
    tag: 'Blocked time',
    summary: 'Block time',
    body: createBlockRequest,
    success: { status: 201, description: 'Blocked.', schema: block, location: true },
    problems: ['SLOT_TAKEN', 'PROVIDER_NOT_FOUND', 'NOT_PERMITTED'],
  },
  {
    operationId: 'listBlocks',
    method: 'get',
    path: '/api/blocks',
    tag: 'Blocked time',
    summary: 'Blocked time in a range',
    query: listBlocksQuery,
    success: { status: 200, description: 'The blocks.', schema: blockList },
    problems: ['RANGE_TOO_LONG'],
  },
  {
    operationId: 'deleteBlock',
    method: 'delete',
    path: '/api/blocks/{id}',
    tag: 'Blocked time',
    summary: 'Free blocked time',
    success: { status: 204, description: 'Freed.' },
    problems: ['BLOCK_NOT_FOUND', 'NOT_PERMITTED'],
  },
  {
    operationId: 'listAppointmentTypes',
    method: 'get',
    path: '/api/appointment-types',
    tag: 'Practice',
    summary: 'What can be booked',
    query: listAppointmentTypesQuery,
    success: { status: 200, description: 'The types, the default one first.', schema: appointmentTypeList },
    problems: [],
  },
  {
    operationId: 'createAppointmentType',
    method: 'post',
    path: '/api/appointment-types',
    tag: 'Practice',
    summary: 'Make an appointment type',
    body: appointmentTypeRequest,
    success: { status: 201, description: 'Made.', schema: appointmentType, etag: true, location: true },
    problems: ['SLUG_TAKEN', 'NOT_PERMITTED'],
  },
  {
    operationId: 'updateAppointmentType',
    method: 'put',
    path: '/api/appointment-types/{id}',
    tag: 'Practice',
    summary: 'Change or archive an appointment type',
    body: appointmentTypeRequest,
    headers: ['If-Match'],
    success: { status: 200, description: 'Changed.', schema: appointmentType, etag: true },
    problems: [
      'APPOINTMENT_TYPE_NOT_FOUND',
      'SLUG_TAKEN',
      'VERSION_CONFLICT',
      'DEFAULT_TYPE_REQUIRED',
      'NOT_PERMITTED',
    ],
  },
  {
    operationId: 'listCustomers',
    method: 'get',
    path: '/api/customers',
    tag: 'Practice',
    summary: 'Search customers by name, e-mail or phone',
    query: listCustomersQuery,
    success: { status: 200, description: 'A page.', schema: customerPage },
    problems: [],
  },
  {
    operationId: 'listProviders',
    method: 'get',
    path: '/api/providers',
    tag: 'Practice',
    summary: 'Whose time can be booked',
    success: { status: 200, description: 'The providers.', schema: providerList },
    problems: [],
  },
  {
    operationId: 'listCalendarConnections',
    method: 'get',
    path: '/api/calendar-connections',
    tag: 'Cal.com',
    summary: 'How the connection to Cal.com stands',
    success: { status: 200, description: 'The connections.', schema: calendarConnectionList },
    problems: ['NOT_PERMITTED'],
  },
  {
    operationId: 'listSyncWork',
    method: 'get',
    path: '/api/calendar-connections/work',
    tag: 'Cal.com',
    summary: 'What is not in step',
    success: { status: 200, description: 'The rows, oldest first.', schema: syncWorkList },
    problems: ['NOT_PERMITTED'],
  },
  {
    operationId: 'retrySyncWork',
    method: 'post',
    path: '/api/calendar-connections/retry',
    tag: 'Cal.com',
    summary: 'Try failed work again',
    body: retrySyncRequest,
    success: { status: 200, description: 'Due again.', schema: retrySyncResponse },
    problems: ['APPOINTMENT_NOT_FOUND', 'NOT_PERMITTED'],
  },
  {
    operationId: 'streamLiveChanges',
    method: 'get',
    path: '/api/live',
    tag: 'Live',
    summary: 'Server-sent events: hints that something changed',
    success: { status: 200, description: 'A stream of `change` events.', stream: true },
    problems: [],
  },
];
