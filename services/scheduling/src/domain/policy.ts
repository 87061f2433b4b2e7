import { appointmentNotFound, notPermitted } from './errors.ts';

/** What a signed-in person may be. */
export type Role = 'owner' | 'admin' | 'staff' | 'customer';

/** Who asks. The organisation bounds everything they can see. */
export type Actor = {
  readonly userId: string;
  readonly organizationId: string;
  readonly roles: readonly Role[];
};

/** What can be asked. */
export type Action =
  | 'book'
  | 'override-rules'
  | 'read-appointment'
  | 'list-appointments'
  | 'change-appointment'
  | 'cancel-appointment'
  | 'record-attendance'
  | 'read-availability'
  | 'replace-availability'
  | 'manage-blocks'
  | 'read-appointment-types'
  | 'manage-appointment-types'
  | 'read-customers'
  | 'manage-customers'
  | 'merge-customers'
  | 'export-customers'
  | 'erase-customers'
  | 'read-practice'
  | 'manage-practice'
  | 'read-providers';

/** What an action is about, as far as the answer depends on it. */
export type Subject = {
  /** The user who is the customer of the appointment; unknown until customers have logins. */
  readonly customerUserId?: string | undefined;
};

/**
 * Whether an actor may do something. Owner and admin may do all; staff run the book but not the rules of the practice;
 * customers see and change their own appointments only.
 */
export function may(actor: Actor, action: Action, subject: Subject = {}): boolean {
  if (actor.roles.includes('owner') || actor.roles.includes('admin')) return true;
  const isStaff = actor.roles.includes('staff');
  switch (action) {
    case 'override-rules':
    case 'replace-availability':
    case 'manage-appointment-types':
    case 'merge-customers':
    case 'export-customers':
    case 'erase-customers':
    case 'manage-practice':
      return false;
    case 'list-appointments':
    case 'record-attendance':
    case 'manage-blocks':
    case 'read-customers':
    case 'manage-customers':
      return isStaff;
    case 'book':
    case 'read-availability':
    case 'read-appointment-types':
    case 'read-providers':
    case 'read-practice':
      return isStaff || actor.roles.includes('customer');
    case 'read-appointment':
    case 'change-appointment':
    case 'cancel-appointment':
      return isStaff || (actor.roles.includes('customer') && subject.customerUserId === actor.userId);
  }
}

/**
 * Refuses what an actor may not do.
 * @throws DomainError NOT_PERMITTED; for a single appointment APPOINTMENT_NOT_FOUND, since "not yours" looks like "not there"
 */
export function requirePermission(actor: Actor, action: Action, subject: Subject = {}): void {
  if (may(actor, action, subject)) return;
  const hidden = action === 'read-appointment' || action === 'change-appointment' || action === 'cancel-appointment';
  throw hidden ? appointmentNotFound() : notPermitted();
}

/** Whether rules meant for customers (step alignment) bind this actor, and details of others are hidden from them. */
export function isCustomerOnly(actor: Actor): boolean {
  return !actor.roles.some((role) => role !== 'customer');
}
