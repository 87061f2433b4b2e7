import { useQueryClient } from '@tanstack/react-query';
import { screen, waitFor } from '@testing-library/react';
import { useState } from 'react';
import { answerRequests, refuse } from '../../../testing/fetch-double.ts';
import { makeAppointment, makeDetails } from '../../../testing/fixtures.ts';
import { renderPart } from '../../../testing/render-app.tsx';
import { AppointmentPanel } from './appointment-panel.tsx';

const { id } = makeAppointment();
const panel = (onReschedule = (_id: string) => undefined as void) => (
  <AppointmentPanel
    id={id}
    now={Date.now()}
    readOnly={false}
    onReschedule={onReschedule}
    onCancelled={() => undefined}
    onRestore={() => undefined}
    onAttendance={() => undefined}
    onClose={() => undefined}
  />
);

test('shows everything, with the sync state in words and its last error', async () => {
  answerRequests({
    'GET /api/appointments/{id}': () => ({
      body: makeDetails({
        sync: { state: 'failed', lastError: 'The address was refused.', syncedAt: '2026-06-01T08:00:00Z' },
      }),
    }),
  });
  renderPart(panel());
  expect(await screen.findByRole('heading', { name: 'Ann Lee' })).toBeInTheDocument();
  expect(screen.getByText(/^Thursday,? 4 June 2099, 10:00.10:30$/)).toBeInTheDocument();
  expect(screen.getByText(/Cal.com did not take the last change/)).toBeInTheDocument();
  expect(screen.getByText('Cal.com said: The address was refused.')).toBeInTheDocument();
  expect(screen.getByRole('link', { name: 'ann@example.org' })).toHaveAttribute('href', 'mailto:ann@example.org');
  expect(screen.getByText('Booked')).toBeInTheDocument();
  expect(screen.getByRole('dialog')).toHaveFocus();
});

test('what a list knows already stands there before the answer, only the history is waited for', async () => {
  let answer = (): void => undefined;
  const late = new Promise<void>((done) => (answer = done));
  answerRequests({
    'GET /api/appointments/{id}': async () => {
      await late;
      return { body: makeDetails() };
    },
  });
  const Week = () => {
    const client = useQueryClient();
    useState(() => client.setQueryData(['appointments', 'between', 'a week'], { items: [makeAppointment()] }));
    return panel();
  };
  renderPart(<Week />);
  expect(screen.getByRole('heading', { name: 'Ann Lee' })).toBeInTheDocument();
  expect(screen.getByRole('button', { name: 'Move' })).toBeEnabled();
  expect(screen.queryByText('Booked')).not.toBeInTheDocument();
  answer();
  expect(await screen.findByText('Booked')).toBeInTheDocument();
});

test('cancels after asking, with the reason and the version', async () => {
  let cancelled = false;
  const double = answerRequests({
    'GET /api/appointments/{id}': () => ({ body: makeDetails(cancelled ? { status: 'cancelled', version: 4 } : {}) }),
    'DELETE /api/appointments/{id}': () => {
      cancelled = true;
      return { body: makeAppointment({ status: 'cancelled', version: 4 }) };
    },
  });
  const { user } = renderPart(panel());
  await user.click(await screen.findByRole('button', { name: 'Cancel appointment' }));
  expect(double.callsTo('DELETE /api/appointments/{id}')).toEqual([]);
  await user.type(screen.getByLabelText(/^Reason/), 'Ill');
  await user.click(screen.getByRole('button', { name: 'Cancel it' }));
  await waitFor(() => expect(screen.queryByRole('button', { name: 'Cancel appointment' })).not.toBeInTheDocument());
  const [call] = double.callsTo('DELETE /api/appointments/{id}');
  expect(call?.query).toEqual({ reason: 'Ill' });
  expect(call?.headers['If-Match']).toBe('"3"');
  expect(screen.queryByRole('button', { name: 'Move' })).not.toBeInTheDocument();
});

test('edits send only what differs; a refused change is put back', async () => {
  const double = answerRequests({
    'GET /api/appointments/{id}': () => ({ body: makeDetails() }),
    'PUT /api/appointments/{id}': () => refuse('VERSION_CONFLICT'),
  });
  const { user } = renderPart(panel());
  await user.click(await screen.findByRole('button', { name: 'Edit' }));
  const notes = screen.getByLabelText(/^Notes/);
  await user.clear(notes);
  await user.type(notes, 'New note');
  await user.click(screen.getByRole('button', { name: 'Save' }));
  expect(await screen.findByRole('alert')).toHaveTextContent('Somebody changed it');
  expect(double.callsTo('PUT /api/appointments/{id}')[0]?.body).toEqual({ notes: 'New note' });
  await user.click(screen.getByRole('button', { name: 'Cancel' }));
  expect(await screen.findByText('Brings papers')).toBeInTheDocument();
});

test('moving is handed on', async () => {
  const onReschedule = jest.fn();
  answerRequests({ 'GET /api/appointments/{id}': () => ({ body: makeDetails() }) });
  const { user } = renderPart(panel(onReschedule));
  await user.click(await screen.findByRole('button', { name: 'Move' }));
  expect(onReschedule).toHaveBeenCalledWith(id);
});
