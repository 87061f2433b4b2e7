import { screen, waitFor } from '@testing-library/react';
import { answerRequests, refuse } from '../../../testing/fetch-double.ts';
import { makeAppointment, zone } from '../../../testing/fixtures.ts';
import { renderPart } from '../../../testing/render-app.tsx';
import { RescheduleDialog } from './reschedule-dialog.tsx';

const slots = { 'GET /api/slots': () => ({ body: { slots: [], durationMinutes: 30, timeZone: zone } }) };

test('moves to the typed time, from the version that was seen, and its own time counts as free', async () => {
  const onMoved = jest.fn();
  const moved = makeAppointment({ start: '2099-06-04T15:30:00-04:00', end: '2099-06-04T16:00:00-04:00', version: 4 });
  const double = answerRequests({ ...slots, 'POST /api/appointments/{id}/reschedule': () => ({ body: moved }) });
  const { user } = renderPart(
    <RescheduleDialog appointment={makeAppointment()} onMoved={onMoved} onClose={() => undefined} />,
  );
  const time = screen.getByLabelText('Time');
  expect(time).toHaveValue('10:00');
  await user.clear(time);
  await user.type(time, '3:30pm');
  await user.type(screen.getByLabelText(/^Reason/), 'Asked by phone');
  await user.click(screen.getByRole('button', { name: 'Move' }));
  await waitFor(() => expect(onMoved).toHaveBeenCalledTimes(1));
  const [call] = double.callsTo('POST /api/appointments/{id}/reschedule');
  expect(call?.body).toEqual({ start: '2099-06-04T15:30:00-04:00', reason: 'Asked by phone' });
  expect(call?.headers['If-Match']).toBe('"3"');
  expect(double.callsTo('GET /api/slots')[0]?.query['rescheduleAppointmentId']).toBe(makeAppointment().id);
});

test('a change by somebody else is said in words', async () => {
  answerRequests({ ...slots, 'POST /api/appointments/{id}/reschedule': () => refuse('VERSION_CONFLICT') });
  const { user } = renderPart(
    <RescheduleDialog appointment={makeAppointment()} onMoved={() => undefined} onClose={() => undefined} />,
  );
  await user.click(screen.getByRole('button', { name: 'Move' }));
  expect(await screen.findByRole('alert')).toHaveTextContent('Somebody changed it in the meantime');
});
