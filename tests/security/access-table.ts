import { startIn } from '../support/api-client.ts';
import type { Role } from './people.ts';

/** Ids of the practice under test that a request may name. */
export type Ids = {
  appointment: string;
  provider: string;
  appointmentType: string;
  customer: string;
  otherCustomer: string;
  block: string;
  connection: string;
  session: string;
};

/** Who may call an operation, and a request that is valid in every other respect. */
export type Access = {
  allowed: readonly Role[];
  /** How the others are refused: told so, or as if the thing did not exist. */
  denied: 'forbidden' | 'hidden';
  /** What stands for {id}. */
  id?: keyof Ids;
  query?: (ids: Ids) => Record<string, string>;
  body?: (ids: Ids) => unknown;
};

const owners: readonly Role[] = ['owner', 'admin'];
const desk: readonly Role[] = ['owner', 'admin', 'staff'];
const everybody: readonly Role[] = ['owner', 'admin', 'staff', 'customer'];
const range = (): Record<string, string> => ({ from: startIn(120, 0), to: startIn(121, 0) });
const hours = { timeZone: 'Europe/Luxembourg', weekly: [], overrides: [] };
const type = { name: 'Visit', durationsMinutes: [30] };
const proof = { currentPassword: 'not-the-password', code: '123456' };
const particulars = { name: 'Zoe Renamed' };

/**
 * Every operation of the contract that needs a session. A route that is not named here fails the test, so that nobody adds
 * one without saying who may call it. Changes come last: they may take away what an earlier line reads.
 */
export const access: Readonly<Record<string, Access>> = {
  getCurrentUser: { allowed: everybody, denied: 'forbidden' },
  listSessions: { allowed: everybody, denied: 'forbidden' },
  getSecondFactor: { allowed: everybody, denied: 'forbidden' },
  endSession: { allowed: everybody, denied: 'hidden', id: 'session' },
  listAppointments: { allowed: desk, denied: 'forbidden', query: range },
  getAppointment: { allowed: desk, denied: 'hidden', id: 'appointment' },
  listSlots: {
    allowed: everybody,
    denied: 'forbidden',
    query: ({ provider, appointmentType, appointment }) => ({
      ...range(),
      providerId: provider,
      appointmentTypeId: appointmentType,
      rescheduleAppointmentId: appointment,
    }),
  },
  listClosedTimes: {
    allowed: everybody,
    denied: 'forbidden',
    query: ({ provider, appointmentType }) => ({
      ...range(),
      providerId: provider,
      appointmentTypeId: appointmentType,
    }),
  },
  getAvailability: {
    allowed: everybody,
    denied: 'forbidden',
    query: ({ provider }) => ({ ...range(), providerId: provider }),
  },
  previewAvailability: {
    allowed: owners,
    denied: 'forbidden',
    query: ({ provider }) => ({ providerId: provider }),
    body: () => ({ ...hours, ...range() }),
  },
  listBlocks: { allowed: desk, denied: 'forbidden', query: ({ provider }) => ({ ...range(), providerId: provider }) },
  listAppointmentTypes: { allowed: everybody, denied: 'forbidden' },
  listCustomers: { allowed: desk, denied: 'forbidden' },
  getCustomer: { allowed: desk, denied: 'forbidden', id: 'customer' },
  listProviders: { allowed: everybody, denied: 'forbidden' },
  getPractice: { allowed: everybody, denied: 'forbidden' },
  listCalendarConnections: { allowed: owners, denied: 'forbidden' },
  listSyncWork: { allowed: owners, denied: 'forbidden' },
  listSyncLedger: { allowed: owners, denied: 'forbidden' },
  getSyncLedgerEntry: { allowed: owners, denied: 'forbidden', id: 'appointment' },
  listSweeps: { allowed: owners, denied: 'forbidden' },
  testCalendarConnection: {
    allowed: owners,
    denied: 'forbidden',
    body: () => ({ baseUrl: 'https://calcom.invalid/v2', apiKey: 'cal_canary_key' }),
  },
  planCalendarConnection: { allowed: owners, denied: 'forbidden', id: 'connection' },
  bookAppointment: {
    allowed: everybody,
    denied: 'forbidden',
    body: ({ provider, appointmentType }) => ({
      customer: { name: 'Zoe Booked' },
      start: startIn(125, 9),
      providerId: provider,
      appointmentTypeId: appointmentType,
    }),
  },
  updateAppointment: { allowed: desk, denied: 'hidden', id: 'appointment', body: () => ({ notes: 'changed' }) },
  rescheduleAppointment: {
    allowed: desk,
    denied: 'hidden',
    id: 'appointment',
    body: () => ({ start: startIn(126, 11) }),
  },
  recordAttendance: {
    allowed: desk,
    denied: 'forbidden',
    id: 'appointment',
    body: () => ({ attendance: 'arrived' }),
  },
  createBlock: {
    allowed: desk,
    denied: 'forbidden',
    body: ({ provider }) => ({ start: startIn(127, 9), end: startIn(127, 10), title: 'x', providerId: provider }),
  },
  updateBlock: {
    allowed: desk,
    denied: 'forbidden',
    id: 'block',
    body: () => ({ start: startIn(128, 9), end: startIn(128, 10), title: 'y' }),
  },
  createCustomer: { allowed: desk, denied: 'forbidden', body: () => particulars },
  updateCustomer: { allowed: desk, denied: 'forbidden', id: 'customer', body: () => particulars },
  mergeCustomers: {
    allowed: owners,
    denied: 'forbidden',
    id: 'customer',
    body: ({ otherCustomer }) => ({ mergeId: otherCustomer }),
  },
  exportCustomer: { allowed: owners, denied: 'forbidden', id: 'customer' },
  // Is refused for owners as well while the customer is expected; tests/security/erasure.test.ts goes through with it.
  eraseCustomer: { allowed: owners, denied: 'forbidden', id: 'customer' },
  createAppointmentType: { allowed: owners, denied: 'forbidden', body: () => type },
  updateAppointmentType: { allowed: owners, denied: 'forbidden', id: 'appointmentType', body: () => type },
  updatePractice: { allowed: owners, denied: 'forbidden', body: () => ({ name: 'Practice', guideStepsDone: [] }) },
  retrySyncWork: { allowed: owners, denied: 'forbidden', body: ({ appointment }) => ({ appointmentId: appointment }) },
  resolveSyncDifference: {
    allowed: owners,
    denied: 'forbidden',
    id: 'appointment',
    body: () => ({ resolution: 'restore_ours' }),
  },
  startSweep: { allowed: owners, denied: 'forbidden', id: 'connection' },
  startCalendarConnection: { allowed: owners, denied: 'forbidden', id: 'connection' },
  saveCalendarConnection: {
    allowed: owners,
    denied: 'forbidden',
    body: () => ({ baseUrl: 'https://calcom.invalid/v2', apiKey: 'cal_canary_key' }),
  },
  replaceAvailability: {
    allowed: owners,
    denied: 'forbidden',
    query: ({ provider }) => ({ providerId: provider }),
    body: () => hours,
  },
  cancelAppointment: { allowed: desk, denied: 'hidden', id: 'appointment' },
  restoreAppointment: { allowed: desk, denied: 'hidden', id: 'appointment' },
  deleteBlock: { allowed: desk, denied: 'forbidden', id: 'block' },
  disconnectCalendar: {
    allowed: owners,
    denied: 'forbidden',
    id: 'connection',
    body: () => ({ cancelBookings: false, hideEventTypes: false }),
  },
  endOtherSessions: { allowed: everybody, denied: 'forbidden' },
  // The last: a wrong current password counts as a failed sign-in.
  beginSecondFactor: { allowed: everybody, denied: 'forbidden', body: () => ({ currentPassword: 'not-the-password' }) },
  confirmSecondFactor: { allowed: everybody, denied: 'forbidden', body: () => ({ code: '123456' }) },
  replaceRecoveryCodes: { allowed: everybody, denied: 'forbidden', body: () => proof },
  turnOffSecondFactor: { allowed: everybody, denied: 'forbidden', body: () => proof },
  changePassword: {
    allowed: everybody,
    denied: 'forbidden',
    body: () => ({ currentPassword: 'not-the-password', newPassword: 'another-long-password-entirely' }),
  },
};
