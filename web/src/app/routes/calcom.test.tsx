import { screen, waitFor, within } from '@testing-library/react';
import { answerRequests, refuse } from '../../testing/fetch-double.ts';
import { makeConnection, uuidOf } from '../../testing/fixtures.ts';
import { renderPart } from '../../testing/render-app.tsx';
import { CalcomRoute } from './calcom.tsx';

const connection = makeConnection();
const sweep = {
  id: uuidOf(70),
  startedAt: '2026-06-01T02:00:00Z',
  finishedAt: '2026-06-01T02:00:04Z',
  compared: 12,
  differences: 1,
  repaired: 1,
  differencesFound: [
    {
      kind: 'missing_there' as const,
      outcome: 'repaired' as const,
      appointmentId: uuidOf(10),
      ours: {
        start: '2099-06-04T14:00:00Z',
        end: '2099-06-04T14:30:00Z',
        customerName: 'Ann Lee',
        status: 'scheduled',
      },
    },
  ],
};

function open(answers: Parameters<typeof answerRequests>[0] = {}, at = '/calcom') {
  const double = answerRequests({
    'GET /api/calendar-connections': () => ({ body: { items: [connection] } }),
    'GET /api/calendar-connections/sweeps': () => ({ body: { items: [sweep] } }),
    'GET /api/calendar-connections/work': () => ({ body: { items: [] } }),
    'GET /api/calendar-connections/ledger': () => ({
      body: { items: [], counts: { in_step: 0, waiting: 0, failed: 0, different: 0 } },
    }),
    ...answers,
  });
  return { ...renderPart(<CalcomRoute />, { at }), double };
}

test('what the last comparison found is told, its appointment opens, and another is begun', async () => {
  const { user, double } = open({
    'POST /api/calendar-connections/{id}/sweeps': () => ({ body: { ...sweep, id: uuidOf(71) } }),
  });
  await user.click(await screen.findByRole('button', { name: /Ann Lee.*4 Jun 2099, 10:00/ }));
  await waitFor(() => expect(screen.getByTestId('address')).toHaveTextContent(`appointment=${uuidOf(10)}`));
  await user.click(screen.getByRole('button', { name: 'Compare now' }));
  await waitFor(() => expect(double.callsTo('POST /api/calendar-connections/{id}/sweeps')).toHaveLength(1));
});

test('before the start everything it would do stands there, clashes first; nothing is sent until Start', async () => {
  const steps = [
    {
      action: 'create_booking' as const,
      subject: 'Ann Lee',
      ourId: uuidOf(10),
      start: '2099-06-04T14:00:00Z',
      end: '2099-06-04T14:30:00Z',
    },
    {
      action: 'clash' as const,
      subject: 'Bo Chen',
      ourId: uuidOf(11),
      start: '2099-06-04T15:00:00Z',
      end: '2099-06-04T15:30:00Z',
    },
    ...Array.from({ length: 8 }, (_, index) => ({ action: 'create_event_type' as const, subject: `Type ${index}` })),
  ];
  let state: 'paused' | 'connected' = 'paused';
  const { user, double } = open({
    'GET /api/calendar-connections': () => ({ body: { items: [{ ...connection, state }] } }),
    'GET /api/calendar-connections/{id}/plan': () => ({
      body: {
        steps,
        counts: { create_booking: 1, clash: 1, create_event_type: 8 },
        mailNotice: 'Cal.com will write to nobody.',
      },
    }),
    'POST /api/calendar-connections/{id}/start': () => {
      state = 'connected';
      return { body: { ...connection, state } };
    },
  });
  const list = within(await screen.findByRole('list'));
  expect(list.getAllByRole('listitem')).toHaveLength(8);
  expect(list.getAllByRole('listitem')[0]).toHaveTextContent('Bo Chen');
  await user.click(screen.getByRole('button', { name: /Show all 10/ }));
  expect(list.getAllByRole('listitem')).toHaveLength(10);
  expect(double.callsTo('POST /api/calendar-connections/{id}/start')).toEqual([]);
  await user.click(screen.getByRole('button', { name: 'Start' }));
  expect(await screen.findByRole('heading', { name: 'Connected' })).toBeInTheDocument();
  expect(double.callsTo('POST /api/calendar-connections/{id}/start')).toHaveLength(1);
});

test('disconnecting asks what is to happen there, sends the answer, and a refusal is said', async () => {
  const { user, double } = open({
    'POST /api/calendar-connections/{id}/disconnect': () => refuse('UPSTREAM_UNAVAILABLE'),
  });
  await user.click(await screen.findByRole('button', { name: 'Disconnect' }));
  const dialog = within(await screen.findByRole('dialog', { name: 'Disconnect Cal.com' }));
  await user.click(dialog.getByRole('checkbox', { name: /Cancel the bookings to come there/ }));
  await user.click(dialog.getByRole('button', { name: 'Disconnect' }));
  expect(await dialog.findByRole('alert')).toBeInTheDocument();
  expect(double.callsTo('POST /api/calendar-connections/{id}/disconnect')[0]?.body).toEqual({
    cancelBookings: true,
    hideEventTypes: true,
  });
});

test('a connection of the operator cannot be changed here', async () => {
  open({
    'GET /api/calendar-connections': () => ({ body: { items: [{ ...connection, managedByOperator: true }] } }),
  });
  expect(await screen.findByRole('heading', { name: 'Connected' })).toBeInTheDocument();
  expect(screen.queryByRole('button', { name: 'Disconnect' })).not.toBeInTheDocument();
});
