import fc from 'fast-check';
import { matchCustomer, normalizeEmail, normalizePhone } from './customer-matching.ts';
import { newCustomer, refreshCustomer, replaceDetails } from './customer.ts';
import { type Action, type Actor, may, type Role } from './policy.ts';
import { deriveSync, type RecordedSync } from './sync-state.ts';

describe('customers', () => {
  test.each([
    [' Ann@Example.COM ', 'ann@example.com'],
    ['', ''],
    ['nobody', undefined],
    ['a@b', undefined],
    ['a..b@example.com', undefined],
  ])('e-mail %j becomes %j', (given, expected) => {
    expect(normalizeEmail(given)).toBe(expected);
  });

  test.each([
    ['621 123 456', '+352621123456'],
    ['+352 621-123-456', '+352621123456'],
    ['00352 621123456', '+352621123456'],
    ['+1 (202) 555-0123', '+12025550123'],
    ['', ''],
    ['call me', undefined],
  ])('phone %j becomes %j in Luxembourg', (given, expected) => {
    expect(normalizePhone(given, 'LU')).toBe(expected);
  });

  test('e-mail decides before phone, a shared phone does not merge two addresses, a name never matches', () => {
    const ann = { id: 'ann', email: 'ann@example.com', phone: '+352621123456' };
    const bob = { id: 'bob', email: 'bob@example.com', phone: '+352621123456' };
    const eve = { id: 'eve', email: '', phone: '+352691000000' };
    const all = [ann, bob, eve];
    expect(matchCustomer(all, { email: 'bob@example.com', phone: eve.phone })?.id).toBe('bob');
    expect(matchCustomer(all, { email: '', phone: ann.phone })?.id).toBe('ann');
    expect(matchCustomer(all, { email: 'cid@example.com', phone: ann.phone })).toBeUndefined();
    expect(matchCustomer(all, { email: 'eve@example.com', phone: eve.phone })?.id).toBe('eve');
    expect(matchCustomer(all, { email: '', phone: '' })).toBeUndefined();
  });

  test('what a booking does not say stays, what an edit does not say is cleared, equal details make no version', () => {
    const details = { name: 'Ann', email: 'ann@example.com', phone: '+352621123456', timeZone: 'UTC' };
    const ann = newCustomer('id', 'org', details);
    expect(refreshCustomer(ann, { name: 'Ann', email: '', phone: '', timeZone: '' })).toBe(ann);
    expect(refreshCustomer(ann, { ...details, name: 'Ann Lee', phone: '' })).toMatchObject({
      name: 'Ann Lee',
      phone: details.phone,
      version: 2,
    });
    expect(replaceDetails(ann, { ...details, phone: '' })).toMatchObject({ phone: '', version: 2 });
  });
});

test('owner and admin may do all; staff keep the book but not the rules; customers nothing of others', () => {
  const actor = (role: Role): Actor => ({ userId: 'me', organizationId: 'org', roles: [role] });
  const actions: Action[] = [
    'book',
    'override-rules',
    'read-appointment',
    'list-appointments',
    'change-appointment',
    'cancel-appointment',
    'read-availability',
    'replace-availability',
    'manage-blocks',
    'read-appointment-types',
    'manage-appointment-types',
    'read-customers',
    'read-providers',
  ];
  const allowed = (role: Role, subject = {}) => actions.filter((action) => may(actor(role), action, subject));
  expect(allowed('owner')).toEqual(actions);
  expect(allowed('admin')).toEqual(actions);
  expect(actions.filter((action) => !allowed('staff').includes(action))).toEqual([
    'override-rules',
    'replace-availability',
    'manage-appointment-types',
  ]);
  expect(allowed('customer')).toEqual(['book', 'read-availability', 'read-appointment-types', 'read-providers']);
  expect(allowed('customer', { customerUserId: 'me' })).toContain('cancel-appointment');
  expect(actions.filter((action) => may({ ...actor('owner'), roles: [] }, action))).toEqual([]);
});

test('in step is said only when uid, version, start and length all agree', () => {
  const recorded = fc.record({
    appointmentVersion: fc.integer({ min: 1, max: 3 }),
    state: fc.constantFrom('off', 'waiting', 'in_step', 'failed', 'different'),
    externalUid: fc.constantFrom('', 'uid'),
    start: fc.constantFrom(undefined, 0, 60_000),
    durationMinutes: fc.constantFrom(0, 30, 45),
    syncedAt: fc.constant(undefined),
    lastError: fc.constant(''),
  }) as fc.Arbitrary<RecordedSync>;
  fc.assert(
    fc.property(
      fc.option(recorded, { nil: undefined }),
      fc.boolean(),
      fc.constantFrom('scheduled', 'cancelled'),
      (said, isOn, status) => {
        const { state } = deriveSync({ version: 2, start: 60_000, end: 31 * 60_000, status }, said, isOn);
        const agrees =
          status === 'cancelled'
            ? said?.start === undefined
            : said?.externalUid === 'uid' && said.start === 60_000 && said.durationMinutes === 30;
        const expected = isOn && said?.state === 'in_step' && said.appointmentVersion === 2 && agrees;
        expect(state === 'in_step').toBe(expected);
        if (!isOn) expect(state).toBe('off');
      },
    ),
    { numRuns: 500 },
  );
});
