import { demoPeople } from './demo-people.ts';
import { demoHours, planAppointments } from './demo-schedule.ts';

const monday = Temporal.PlainDate.from('2026-03-23');
const plan = planAppointments(1, monday, 21);

test('the same seed gives the same practice, another seed another one', () => {
  const keys = (seed: number) => planAppointments(seed, monday, 21).map((each) => `${each.key} ${each.person.name}`);
  expect(keys(1)).toEqual(keys(1));
  expect(keys(1)).not.toEqual(keys(2));
});

test('three weeks are well filled, within the hours, and nothing overlaps', () => {
  expect(plan.length).toBeGreaterThan(70);
  expect(new Set(plan.map((each) => each.key)).size).toBe(plan.length);
  for (const each of plan) {
    const end = each.start.add({ minutes: each.durationMinutes });
    const windows = demoHours[each.day.dayOfWeek - 1] ?? [];
    expect(windows.some(([opens, closes]) => each.start.toString() >= opens && end.toString() <= `${closes}:00`)).toBe(
      true,
    );
  }
  for (const [at, each] of plan.entries()) {
    const next = plan[at + 1];
    if (next?.day.equals(each.day))
      expect(each.start.add({ minutes: each.durationMinutes }).until(next.start).sign).not.toBe(-1);
  }
});

test('forty people whose addresses and numbers reach nobody', () => {
  expect(demoPeople).toHaveLength(40);
  const mails = demoPeople.flatMap(({ email }) => (email ? [email] : []));
  expect(new Set(mails).size).toBe(mails.length);
  for (const email of mails) expect(email).toMatch(/^[a-z][a-z.]*[a-z]@(mail\.test|example\.com)$/);
  for (const { phone } of demoPeople) if (phone) expect(phone).toMatch(/^\+33 6 39 98 \d\d \d\d$|^\+1 202 555 01\d\d$/);
});
