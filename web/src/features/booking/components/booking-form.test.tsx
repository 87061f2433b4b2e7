import type { BookAppointmentRequest } from '@daybook/http-contract/appointments';
import { screen, waitFor, within } from '@testing-library/react';
import { answerRequests, refuse } from '../../../testing/fetch-double.ts';
import { ann, consultation, makeAppointment, zone } from '../../../testing/fixtures.ts';
import { renderPart } from '../../../testing/render-app.tsx';
import { BookingForm } from './booking-form.tsx';

const start = '2099-06-04T10:00:00-04:00';

function open(answers: Parameters<typeof answerRequests>[0] = {}) {
  const onBooked = jest.fn();
  const double = answerRequests({
    'GET /api/appointment-types': () => ({ body: { items: [consultation] } }),
    'GET /api/customers': () => ({ body: { items: [ann] } }),
    'GET /api/slots': () => ({
      body: { slots: [{ start, end: '2099-06-04T10:30:00-04:00' }], durationMinutes: 30, timeZone: zone },
    }),
    'POST /api/appointments': () => ({ body: makeAppointment() }),
    ...answers,
  });
  const view = renderPart(
    <BookingForm initial={{ day: '2099-06-04', time: '10:00' }} onBooked={onBooked} onCancel={() => undefined} />,
  );
  const bookings = () => double.callsTo('POST /api/appointments');
  const bodies = () => bookings().map((call) => call.body as BookAppointmentRequest);
  return { ...view, double, onBooked, bookings, bodies };
}

const name = () => screen.getByRole('combobox', { name: 'Customer' });
const submit = () => screen.getByRole('button', { name: 'Book' });

test('books who, how long and when, in the zone of the practice, with a key', async () => {
  const { user, onBooked, bookings, bodies } = open();
  await screen.findByText('30 min');
  await user.type(name(), 'Zoë Ng');
  await user.type(screen.getByLabelText(/^E-mail/), 'zoe@example.org');
  await user.click(submit());
  await waitFor(() => expect(onBooked).toHaveBeenCalledTimes(1));
  expect(bodies()[0]).toEqual({
    customer: { name: 'Zoë Ng', email: 'zoe@example.org' },
    start,
    durationMinutes: 30,
    appointmentTypeId: consultation.id,
  });
  expect(bookings()[0]?.headers['Idempotency-Key']).toBeTruthy();
});

test('while the free times are read, nobody meets a button without a name', async () => {
  let answer: (slots: { body: object }) => void = () => undefined;
  const read = new Promise<{ body: object }>((resolve) => (answer = resolve));
  open({ 'GET /api/slots': () => read });
  const picker = await waitFor(() => document.querySelector<HTMLElement>('.slot-picker')!);
  await waitFor(() => expect(within(picker).getAllByRole('button', { hidden: true }).length).toBeGreaterThan(28));
  const named = within(picker).getAllByRole('button');
  expect(named.filter((button) => button.textContent === '' && !button.hasAttribute('aria-label'))).toEqual([]);
  answer({ body: { slots: [], durationMinutes: 30, timeZone: zone } });
  expect(await within(picker).findByRole('button', { name: /^Thursday,? 4 June 2099$/ })).toBeInTheDocument();
});

test('what is wrong stands beside its field and nothing is sent', async () => {
  const { user, bookings } = open();
  await screen.findByText('30 min');
  await user.type(screen.getByLabelText(/^E-mail/), 'not an address');
  await user.clear(screen.getByLabelText('Time'));
  await user.click(submit());
  expect(name()).toHaveAccessibleDescription(/Please fill this in/);
  expect(screen.getByLabelText(/^E-mail/)).toHaveAccessibleDescription(/e-mail address such as/);
  expect(screen.getByLabelText('Time')).toHaveAccessibleDescription(/a time such as/);
  expect(bookings()).toEqual([]);
});

test('a known customer is recalled while typing, by keys alone', async () => {
  const { user, bodies } = open();
  await screen.findByText('30 min');
  await user.type(name(), 'an');
  await screen.findByRole('option', { name: /Ann Lee/ });
  await user.keyboard('{ArrowDown}{Enter}');
  expect(name()).toHaveValue('Ann Lee');
  await user.click(submit());
  await waitFor(() =>
    expect(bodies()[0]?.customer).toEqual({ name: 'Ann Lee', email: 'ann@example.org', phone: '+12125550100' }),
  );
});

test('a taken time is explained with the three nearest, and one click books one of them under a new key', async () => {
  const nearestStarts = ['2099-06-04T10:30:00-04:00', '2099-06-04T09:30:00-04:00', '2099-06-05T10:00:00-04:00'];
  const { user, double, onBooked, bookings, bodies } = open({
    'POST /api/appointments': () =>
      refuse('SLOT_TAKEN', {
        nearestStarts,
        conflict: { kind: 'appointment', start, end: '2099-06-04T10:30:00-04:00', label: 'Tom Hill' },
      }),
  });
  await screen.findByText('30 min');
  await user.type(name(), 'Zoë Ng');
  await user.click(submit());
  const alert = await screen.findByRole('alert');
  expect(alert).toHaveTextContent(/Tom Hill has Thursday,? 4 June 2099/);
  const [first, second, third] = within(alert).getAllByRole('button');
  // The key that takes it is drawn beside the time, for the eye only.
  expect(first).toHaveAccessibleName('10:30');
  expect(second).toHaveAccessibleName('09:30');
  expect(third).toHaveAccessibleName(/5 Jun.*10:00/);
  double.answer({ 'POST /api/appointments': () => ({ body: makeAppointment() }) });
  await user.click(within(alert).getByRole('button', { name: '10:30' }));
  await waitFor(() => expect(onBooked).toHaveBeenCalled());
  expect(bodies()[1]?.start).toBe(nearestStarts[0]);
  expect(bookings()[1]?.headers['Idempotency-Key']).not.toBe(bookings()[0]?.headers['Idempotency-Key']);
});

test('outside the hours the owner may go ahead', async () => {
  const { user, onBooked, bodies } = open({
    'POST /api/appointments': ({ body }) =>
      (body as BookAppointmentRequest).override === true ? { body: makeAppointment() } : refuse('OUTSIDE_AVAILABILITY'),
  });
  await screen.findByText('30 min');
  await user.type(name(), 'Zoë Ng');
  await user.click(submit());
  await user.click(await screen.findByRole('button', { name: 'Book anyway' }));
  await waitFor(() => expect(onBooked).toHaveBeenCalled());
  expect(bodies().map((body) => body.override)).toEqual([undefined, true]);
});

test('the same intent sent again after a lost answer keeps its key', async () => {
  const { user, double, onBooked, bookings } = open({ 'POST /api/appointments': () => refuse('UPSTREAM_TIMEOUT') });
  await screen.findByText('30 min');
  await user.type(name(), 'Zoë Ng');
  await user.click(submit());
  await screen.findByRole('alert');
  double.answer({ 'POST /api/appointments': () => ({ body: makeAppointment() }) });
  await user.click(submit());
  await waitFor(() => expect(onBooked).toHaveBeenCalled());
  expect(bookings()[1]?.headers['Idempotency-Key']).toBe(bookings()[0]?.headers['Idempotency-Key']);
});

test('a free time of the atoms is taken by a click', async () => {
  const { user } = open({
    'GET /api/slots': () => ({
      body: {
        slots: [{ start: '2099-06-04T14:15:00-04:00', end: '2099-06-04T14:45:00-04:00' }],
        durationMinutes: 30,
        timeZone: zone,
      },
    }),
  });
  const slot = await screen.findByRole('button', { name: /^(14:15|2:15pm)$/ }, { timeout: 10_000 });
  await user.click(slot);
  expect(screen.getByLabelText('Time')).toHaveValue('14:15');
}, 20_000);
