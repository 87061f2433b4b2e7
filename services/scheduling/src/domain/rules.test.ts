import { matchCustomer, normalizeEmail, normalizePhone } from './customer-matching.ts';
import { newCustomer, refreshCustomer, replaceDetails } from './customer.ts';

describe('customers', () => {
  test.each([
    [' Ann@Example.COM ', 'ann@example.com'],
    ['', ''],
    ['nobody', undefined],
    ['a@b', undefined],
    ['a..b@example.com', undefined],
    ['Ann <ann@example.com', undefined],
    ['ann@example.com>', undefined],
    [`${'a'.repeat(64)}@${'b'.repeat(185)}.com`, `${'a'.repeat(64)}@${'b'.repeat(185)}.com`],
    [`${'a'.repeat(64)}@${'b'.repeat(186)}.com`, undefined],
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
    [' 621 123 456 ', '+352621123456'],
    [`621${' '.repeat(32)}12345`, '+35262112345'],
    [`621${' '.repeat(40)}123456`, undefined],
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
    expect(matchCustomer([{ id: 'none', email: '', phone: '' }], { email: '', phone: '' })).toBeUndefined();
    expect(matchCustomer([ann, eve], { email: '', phone: eve.phone })?.id).toBe('eve');
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
