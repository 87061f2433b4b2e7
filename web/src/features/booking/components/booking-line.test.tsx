import type { BookAppointmentRequest } from '@daybook/http-contract/appointments';
import { screen, waitFor, within } from '@testing-library/react';
import { answerRequests, refuse } from '../../../testing/fetch-double.ts';
import { ann, consultation, makeAppointment } from '../../../testing/fixtures.ts';
import { renderPart } from '../../../testing/render-app.tsx';
import { BookingLine } from './booking-line.tsx';

const start = '2099-06-04T15:00:00-04:00';

function open(answers: Parameters<typeof answerRequests>[0] = {}) {
  const onBooked = jest.fn();
  const onForm = jest.fn();
  const double = answerRequests({
    'GET /api/appointment-types': () => ({ body: { items: [consultation] } }),
    'GET /api/customers': ({ query }) => ({
      body: { items: 'ann lee'.startsWith((query['q'] ?? '').toLowerCase()) ? [ann] : [] },
    }),
    'POST /api/appointments': () => ({ body: makeAppointment() }),
    ...answers,
  });
  const view = renderPart(<BookingLine onBooked={onBooked} onForm={onForm} onClose={() => undefined} />);
  const bodies = () => double.callsTo('POST /api/appointments').map(({ body }) => body as BookAppointmentRequest);
  return { ...view, double, onBooked, onForm, bodies };
}

const understood = (what: string) => screen.getByText(what).closest('div')!;
const line = () => screen.getByLabelText('Who, how long, when');

test('what was understood is shown while one types, and Enter books the customer who is known', async () => {
  const { user, bodies, onBooked } = open();
  expect(within(understood('Who')).getByText('a name is missing')).toBeInTheDocument();
  await user.type(line(), 'ann 60 4 june 2099 3pm');
  expect(await within(understood('Who')).findByText(/ann@example\.org · \+12125550100/)).toBeInTheDocument();
  expect(understood('When')).toHaveTextContent(/Thursday,? 4 June 2099, 15:00.16:00|Thu,? 4 Jun.*15:00.16:00/);
  expect(understood('How long')).toHaveTextContent(/60 min/);
  await user.keyboard('{Enter}');
  await waitFor(() => expect(onBooked).toHaveBeenCalledTimes(1));
  expect(bodies()).toEqual([
    {
      customer: { name: 'Ann Lee', email: 'ann@example.org', phone: '+12125550100' },
      start,
      durationMinutes: 60,
      appointmentTypeId: consultation.id,
    },
  ]);
});

test('Enter right after the last letter books whoever that letter makes known, once', async () => {
  const { user, bodies, onBooked } = open();
  await user.type(line(), '4 june 2099 3pm ann{Enter}{Enter}');
  await waitFor(() => expect(onBooked).toHaveBeenCalledTimes(1));
  expect(bodies().map(({ customer }) => customer.name)).toEqual(['Ann Lee']);
});

test('arrow keys choose somebody new of the same name', async () => {
  const { user, bodies } = open();
  await user.type(line(), 'ann 4 june 2099 3pm');
  await within(understood('Who')).findByText(/ann@example\.org/);
  await user.keyboard('{ArrowDown}');
  expect(understood('Who')).toHaveTextContent('new customer');
  await user.keyboard('{Enter}');
  await waitFor(() => expect(bodies()[0]?.customer).toEqual({ name: 'Ann' }));
});

test('a clash is explained with the three nearest times, and one key books one of them', async () => {
  const nearestStarts = ['2099-06-04T15:30:00-04:00', '2099-06-04T14:30:00-04:00', '2099-06-05T09:00:00-04:00'];
  const { user, double, onBooked, bodies } = open({
    'POST /api/appointments': () =>
      refuse('SLOT_TAKEN', {
        nearestStarts,
        conflict: { kind: 'appointment', start, end: '2099-06-04T15:30:00-04:00', label: 'Tom Hill' },
      }),
  });
  await user.type(line(), 'zoe 30 4 june 2099 3pm');
  await within(understood('Who')).findByText(/new customer/);
  await user.keyboard('{Enter}');
  expect(await screen.findByText(/Tom Hill has/)).toBeInTheDocument();
  const near = within(screen.getByRole('group', { name: /Nearest free/ })).getAllByRole('button');
  expect(near.map(({ textContent }) => textContent)).toEqual([
    '15:301',
    '14:302',
    expect.stringMatching(/5 Jun.*09:003/),
  ]);
  double.answer({ 'POST /api/appointments': () => ({ body: makeAppointment() }) });
  // With Alt, since the hand is still in the line, where a number is a number.
  await user.keyboard('{Alt>}2{/Alt}');
  await waitFor(() => expect(onBooked).toHaveBeenCalledTimes(1));
  expect(bodies().map((body) => body.start)).toEqual([start, '2099-06-04T14:30:00-04:00']);
  const keys = double.callsTo('POST /api/appointments').map(({ headers }) => headers['Idempotency-Key']);
  expect(new Set(keys).size).toBe(2);
});

test('what is missing is said and nothing is sent; the form takes over what was understood', async () => {
  const { user, bodies, onForm } = open();
  await user.type(line(), 'ann 45 4 june 2099{Enter}');
  expect(await within(understood('When')).findByText(/the time is missing/)).toBeInTheDocument();
  expect(bodies()).toEqual([]);
  await user.type(line(), ' 3pm');
  await waitFor(() => expect(understood('When')).toHaveTextContent(/15:00.15:45/));
  await user.click(screen.getByRole('button', { name: 'Open the form' }));
  expect(onForm).toHaveBeenCalledWith(start, 45);
});
