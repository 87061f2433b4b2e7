import { ValidationError } from '@daybook/runtime/errors';
import { findUsernameFaults, parseOrganizationName, usernameKey } from './account.ts';
import { orderRoles } from './roles.ts';

describe('usernames', () => {
  test.each([
    ['Owner', 'owner'],
    ['  OWNER ', 'owner'],
    ['ＯＷＮＥＲ', 'owner'],
    ['Ärztin', 'ärztin'],
    ['A\u0308rztin', 'ärztin'],
  ])('%j is the same account as %j', (typed, key) => {
    expect(usernameKey(typed)).toBe(key);
  });

  test.each([[''], ['   '], ['a\nb'], ['a\u0000b'], ['\ud800'], ['x'.repeat(201)]])('%j is refused', (username) => {
    expect(findUsernameFaults(username)).toEqual([{ pointer: '/username', message: expect.any(String) }]);
  });

  test.each([
    ['  ', 'Enter a username.'],
    ['x'.repeat(201), 'A username has at most 200 characters.'],
    ['a\nb', 'A username has no control characters.'],
  ])('%j is refused with the reason', (username, message) => {
    expect(findUsernameFaults(username)).toEqual([{ pointer: '/username', message }]);
  });

  test.each([['owner'], ['o'], ['x'.repeat(200)], ['dr. müller@practice.example']])('%j is taken', (username) => {
    expect(findUsernameFaults(username)).toEqual([]);
  });
});

test('the name of a practice is trimmed and has 1 to 200 characters', () => {
  expect(parseOrganizationName('  My practice ')).toBe('My practice');
  expect(() => parseOrganizationName('  ')).toThrow(ValidationError);
  expect(parseOrganizationName('x'.repeat(200))).toHaveLength(200);
  const refused = (): unknown => parseOrganizationName('x'.repeat(201));
  expect(refused).toThrow(ValidationError);
  expect(refused).toThrow(
    expect.objectContaining({
      context: {
        errors: [{ pointer: '/organizationName', message: "A practice's name has 1 to 200 characters." }],
      },
    }) as Error,
  );
});

test('roles are ordered by power and unknown ones are left out', () => {
  expect(orderRoles(['customer', 'owner', 'wizard', 'owner'])).toEqual(['owner', 'customer']);
  expect(orderRoles(['toString', 'staff'])).toEqual(['staff']);
});
