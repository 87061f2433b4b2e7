import { type AppointmentTypeInput, defaultAppointmentType, validateAppointmentType } from './appointment-type.ts';
import { validateBlock } from './block.ts';
import { validateCustomer } from './customer.ts';
import { DAY } from './zone-offsets.ts';

/** Pointers of everything that was found wrong, none when it was accepted. */
function faults(work: () => unknown): string[] {
  try {
    work();
    return [];
  } catch (error) {
    return (error as { context: { errors: { pointer: string }[] } }).context.errors.map(({ pointer }) => pointer);
  }
}
const typeFaults = (input: Partial<AppointmentTypeInput>): string[] =>
  faults(() => validateAppointmentType({ ...defaultAppointmentType, ...input }));

test('a type comes back in canonical form', () => {
  const accepted = validateAppointmentType({
    ...defaultAppointmentType,
    name: '  Première visite & bilan ',
    slug: '',
    durationsMinutes: [45, 60, 30],
    color: '#AABBCC',
  });
  expect(accepted).toMatchObject({
    name: 'Première visite & bilan',
    slug: 'premiere-visite-bilan',
    durationsMinutes: [45, 30, 60],
    color: '#aabbcc',
  });
  expect(validateAppointmentType({ ...defaultAppointmentType, name: '診察', slug: '' }).slug).toBe('type');
});

test.each<[Partial<AppointmentTypeInput>, string[]]>([
  [{}, []],
  [{ name: ' ' }, ['/name']],
  [{ name: 'x'.repeat(101) }, ['/name']],
  [{ slug: 'Not-Lower' }, ['/slug']],
  [{ slug: 'two--hyphens' }, ['/slug']],
  [{ slug: 'x'.repeat(61) }, ['/slug']],
  [{ durationsMinutes: [] }, ['/durationsMinutes']],
  [{ durationsMinutes: [30, 30] }, ['/durationsMinutes']],
  [{ durationsMinutes: [4, 1441] }, ['/durationsMinutes/0', '/durationsMinutes/1']],
  [{ durationsMinutes: [5, 1440] }, []],
  [{ durationsMinutes: Array.from({ length: 13 }, (_, index) => 5 + index) }, ['/durationsMinutes']],
  [{ bufferBeforeMinutes: -1, bufferAfterMinutes: 721 }, ['/bufferBeforeMinutes', '/bufferAfterMinutes']],
  [{ bufferBeforeMinutes: 0, bufferAfterMinutes: 720 }, []],
  [{ minimumNoticeMinutes: 1.5 }, ['/minimumNoticeMinutes']],
  [{ horizonDays: 0 }, ['/horizonDays']],
  [{ horizonDays: 1096 }, ['/horizonDays']],
  [{ slotStepMinutes: 4 }, ['/slotStepMinutes']],
  [{ color: 'red' }, ['/color']],
])('a type with %j has faults at %j', (input, expected) => {
  expect(typeFaults(input)).toEqual(expected);
});

test.each([
  [{ start: 0, end: 1, title: '' }, []],
  [{ start: 0, end: 366 * DAY, title: 'x'.repeat(200) }, []],
  [{ start: 1, end: 1, title: '' }, ['/end']],
  [{ start: 0, end: 366 * DAY + 1, title: '' }, ['/end']],
  [{ start: 0, end: 1, title: 'x'.repeat(201) }, ['/title']],
  [{ start: 0, end: 1, title: 'a\nb' }, ['/title']],
])('blocked time %j has faults at %j', (block, expected) => {
  expect(faults(() => validateBlock(block))).toEqual(expected);
});

test('every fault of a customer is named at once, and what is accepted is normalised', () => {
  const wrong = { name: ' ', email: 'nobody', phone: 'call me', timeZone: 'Mars/X' };
  expect(faults(() => validateCustomer(wrong, 'LU'))).toEqual([
    '/customer/name',
    '/customer/email',
    '/customer/phone',
    '/customer/timeZone',
  ]);
  expect(faults(() => validateCustomer({ ...wrong, name: 'a\u0007b' }, 'LU'))[0]).toBe('/customer/name');
  expect(
    validateCustomer({ name: ' Ann ', email: 'ANN@Example.com', phone: '621 123 456', timeZone: 'UTC' }, 'LU'),
  ).toEqual({ name: 'Ann', email: 'ann@example.com', phone: '+352621123456', timeZone: 'UTC' });
});
