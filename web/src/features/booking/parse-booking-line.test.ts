import { loadDateReader } from '../../lib/date-words.ts';
import { parseBookingLine } from './parse-booking-line.ts';

const zone = 'Europe/Luxembourg';
// Tuesday.
const now = Date.parse('2026-06-02T10:00:00+02:00');
const types = [
  { id: 'one', name: 'Consultation' },
  { id: 'two', name: 'Long massage' },
];

async function parse(text: string, language = 'en', locale = 'en-GB') {
  return parseBookingLine(text, types, await loadDateReader(language, locale), now, zone);
}

test.each([
  ['ann 30 thu 3pm', 'Ann', 30, '2026-06-04', '15:00'],
  ['hannah 30 mon 12:00', 'Hannah', 30, '2026-06-08', '12:00'],
  ['ann 30 4 june 3pm', 'Ann', 30, '2026-06-04', '15:00'],
  ['ann 15 june 10am', 'Ann', undefined, '2026-06-15', '10:00'],
  ['ann next monday at 9 45', 'Ann', 45, '2026-06-08', '09:00'],
  ['thu 3pm ann 30', 'Ann', 30, '2026-06-04', '15:00'],
  ['Ann Lee tomorrow 15:30 45 min', 'Ann Lee', 45, '2026-06-03', '15:30'],
  ['bo chen 4 june 10am 1h30', 'Bo Chen', 90, '2026-06-04', '10:00'],
  ['ann next monday at 9', 'Ann', undefined, '2026-06-08', '09:00'],
  ['ann 15:00', 'Ann', undefined, '2026-06-02', '15:00'],
  ['sun li mon 3pm 60', 'Sun Li', 60, '2026-06-08', '15:00'],
  ['march jones thu 3pm', 'March Jones', undefined, '2026-06-04', '15:00'],
  ['mark thu 3', 'Mark', undefined, '2026-06-04', '15:00'],
  ['mark 30 thu 9', 'Mark', 30, '2026-06-04', '09:00'],
  ['mark 4/6 9:00', 'Mark', undefined, '2026-06-04', '09:00'],
  ['de la Cruz thu 3pm', 'de la Cruz', undefined, '2026-06-04', '15:00'],
  ['ann thu', 'Ann', undefined, '2026-06-04', undefined],
  ['ann', 'Ann', undefined, undefined, undefined],
  ['', '', undefined, undefined, undefined],
])('%s', async (text, name, minutes, day, time) => {
  expect(await parse(text)).toEqual({ name, minutes, day, time, typeId: undefined });
});

test('a type is known by its name', async () => {
  expect(await parse('ann long massage thu 3pm')).toMatchObject({ name: 'Ann', typeId: 'two', time: '15:00' });
});

test('numbers of a date are read as the locale writes them', async () => {
  expect((await parse('ann 7/6 9:00', 'en', 'en-US')).day).toBe('2026-07-06');
  expect((await parse('ann 7/6 9:00', 'en', 'en-GB')).day).toBe('2026-06-07');
});

test.each([
  ['fr', 'anne 30 jeu. 15h', 'Anne', 30, '2026-06-04', '15:00'],
  ['fr', 'anne 4 juin à 10h30 45 min', 'Anne', 45, '2026-06-04', '10:30'],
  ['fr', 'anne demain 9h', 'Anne', undefined, '2026-06-03', '09:00'],
  ['de', 'anna 30 do 15 uhr', 'Anna', 30, '2026-06-04', '15:00'],
  ['de', 'anna 4.6. 9:30 45 min', 'Anna', 45, '2026-06-04', '09:30'],
  ['de', 'anna 1.6. 9:30', 'Anna', undefined, '2027-06-01', '09:30'],
  ['de', 'anna nächsten montag um 14 uhr', 'Anna', undefined, '2026-06-08', '14:00'],
])('%s: %s', async (language, text, name, minutes, day, time) => {
  expect(await parse(text, language, language)).toEqual({ name, minutes, day, time, typeId: undefined });
});
