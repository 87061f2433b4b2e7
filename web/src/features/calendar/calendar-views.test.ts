import { daysShown, stepDay } from './calendar-views.ts';

const saturday = '2026-11-28';

test('a week is the week around the day, a month whole weeks, an agenda what comes from the day on', () => {
  expect(daysShown('day', saturday, 1)).toEqual({ first: saturday, last: '2026-11-29' });
  expect(daysShown('week', saturday, 1)).toEqual({ first: '2026-11-23', last: '2026-11-30' });
  expect(daysShown('week', saturday, 0)).toEqual({ first: '2026-11-22', last: '2026-11-29' });
  expect(daysShown('month', saturday, 1)).toEqual({ first: '2026-10-26', last: '2026-12-07' });
  expect(daysShown('agenda', saturday, 1)).toEqual({ first: saturday, last: '2026-12-05' });
});

test('a step from an agenda leaves no day out and shows none twice', () => {
  const next = stepDay('agenda', saturday, 1);
  expect(daysShown('agenda', next, 1).first).toBe(daysShown('agenda', saturday, 1).last);
  expect(stepDay('agenda', next, -1)).toBe(saturday);
});
