import { peopleLine } from './people.ts';

const person = (name: string, email = `${name.toLowerCase()}@example.com`) => ({
  name,
  email,
  phone: '',
  timeZone: '',
  absent: false,
});
const ada = { name: 'Ada', email: 'ada@example.com' };

test.each([
  ['only the customer', [person('Ada')], ''],
  ['two more', [person('Ada'), person('Bob'), person('Cyd')], 'Also coming: Bob, Cyd'],
  ['the customer is not the first any more', [person('Bob'), person('Ada')], 'Also coming: Bob'],
  ['known by address alone', [person('A. Byron', 'ADA@example.com'), person('Bob')], 'Also coming: Bob'],
  ['known by name alone', [person('Ada', ''), person('Bob')], 'Also coming: Bob'],
  ['a namesake comes as well', [person('Ada'), person('Ada', 'other@example.com')], 'Also coming: Ada'],
  ['the customer gave the seat up', [person('Bob')], 'Coming instead: Bob'],
  ['somebody without a name', [person('Ada'), person('', 'x@example.com')], 'Also coming: x@example.com'],
  ['a name of several lines', [person('Ada'), person('Bob\nthe elder')], 'Also coming: Bob the elder'],
])('%s', (_what, attendees, line) => {
  expect(peopleLine({ attendees }, ada)).toBe(line);
});
