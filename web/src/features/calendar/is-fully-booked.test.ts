import type { Availability } from '@daybook/http-contract/availability';
import { isFullyBooked } from './is-fully-booked.ts';

const day = (from: string, to: string) => ({ start: `2099-06-04T${from}:00-04:00`, end: `2099-06-04T${to}:00-04:00` });
const hours = (open: Availability['open'], free: Availability['free']) => ({ open, free }) as Availability;
const before = Date.parse('2099-06-01T00:00:00-04:00');

test('full is what is open and has no gap long enough left', () => {
  expect(isFullyBooked([hours([day('09:00', '17:00')], [])], before, 30)).toBe(true);
  expect(isFullyBooked([hours([day('09:00', '17:00')], [day('09:00', '09:15')])], before, 30)).toBe(true);
  expect(isFullyBooked([hours([day('09:00', '17:00')], [day('09:00', '09:30')])], before, 30)).toBe(false);
});

test('closed time is not full, nor is what is over or has not been read', () => {
  expect(isFullyBooked([hours([], [])], before, 30)).toBe(false);
  const after = Date.parse('2099-06-04T16:45:00-04:00');
  expect(isFullyBooked([hours([day('09:00', '17:00')], [])], after, 30)).toBe(false);
  expect(isFullyBooked([undefined], before, 30)).toBe(false);
});

test('one provider who is free is enough', () => {
  const full = hours([day('09:00', '17:00')], []);
  expect(isFullyBooked([full, hours([day('09:00', '17:00')], [day('10:00', '11:00')])], before, 30)).toBe(false);
  expect(isFullyBooked([full, full], before, 30)).toBe(true);
});
