import { type Action, isCustomerOnly, may, requirePermission, type Role } from './policy.ts';

const actor = (...roles: Role[]) => ({ userId: 'somebody', organizationId: 'org', roles });
const roles = ['owner', 'admin', 'staff', 'customer'] as const;

/** Who may, besides owner and admin, who may all. `own`: customers, of their own appointments. */
const table: Record<Action, ('staff' | 'customer' | 'own')[]> = {
  book: ['staff', 'customer'],
  'override-rules': [],
  'read-appointment': ['staff', 'own'],
  'list-appointments': ['staff'],
  'change-appointment': ['staff', 'own'],
  'cancel-appointment': ['staff', 'own'],
  'record-attendance': ['staff'],
  'read-availability': ['staff', 'customer'],
  'replace-availability': [],
  'manage-blocks': ['staff'],
  'read-appointment-types': ['staff', 'customer'],
  'manage-appointment-types': [],
  'read-customers': ['staff'],
  'manage-customers': ['staff'],
  'merge-customers': [],
  'export-customers': [],
  'erase-customers': [],
  'read-practice': ['staff', 'customer'],
  'manage-practice': [],
  'read-providers': ['staff', 'customer'],
};
const actions = Object.keys(table) as Action[];

test.each(actions)('%s is for those the table names', (action) => {
  const others = table[action];
  expect(roles.filter((role) => may(actor(role), action))).toEqual([
    'owner',
    'admin',
    ...(['staff', 'customer'] as const).filter((role) => others.includes(role)),
  ]);
  expect(may(actor('customer'), action, { customerUserId: 'somebody' })).toBe(
    others.includes('customer') || others.includes('own'),
  );
  expect(may(actor('customer'), action, { customerUserId: 'somebody else' })).toBe(others.includes('customer'));
  expect(may(actor(), action)).toBe(false);
});

test('what is not permitted is said, but an appointment that is not yours looks as if it were not there', () => {
  const hidden = ['read-appointment', 'change-appointment', 'cancel-appointment'];
  for (const action of actions) {
    const code = hidden.includes(action) ? 'APPOINTMENT_NOT_FOUND' : 'NOT_PERMITTED';
    expect(() => requirePermission(actor(), action)).toThrow(expect.objectContaining({ code }) as Error);
    expect(() => requirePermission(actor('owner'), action)).not.toThrow();
  }
});

test('rules for customers bind those who are nothing else', () => {
  expect(isCustomerOnly(actor('customer'))).toBe(true);
  expect(isCustomerOnly(actor('customer', 'staff'))).toBe(false);
  expect(isCustomerOnly(actor('owner'))).toBe(false);
});
