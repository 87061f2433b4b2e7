import type { LedgerEntry } from '@daybook/http-contract/calendar-connections';
import { screen, waitFor, within } from '@testing-library/react';
import { answerRequests } from '../../../testing/fetch-double.ts';
import { uuidOf } from '../../../testing/fixtures.ts';
import { renderPart } from '../../../testing/render-app.tsx';
import { Ledger } from './ledger.tsx';

const different: LedgerEntry = {
  appointmentId: uuidOf(70),
  state: 'different',
  ours: { status: 'scheduled', start: '2099-06-04T10:00:00-04:00', durationMinutes: 30, customerName: 'Ann Lee' },
  theirs: { status: 'accepted', start: '2099-06-04T11:00:00-04:00', durationMinutes: 30, customerName: 'Ann Lee' },
  externalUid: 'uid',
  attempts: 1,
  madeThere: false,
  updatedAt: '2099-06-01T10:00:00Z',
};
const failed: LedgerEntry = {
  ...different,
  appointmentId: uuidOf(71),
  state: 'failed',
  attempts: 3,
  lastError: 'The attendee’s address is refused.',
};

function open(entries: LedgerEntry[]) {
  const double = answerRequests({
    'GET /api/calendar-connections/ledger': () => ({ body: { items: entries, counts: { different: 1, failed: 1 } } }),
    'GET /api/calendar-connections/ledger/{id}': ({ path }) => ({
      body: {
        ...(entries.find(({ appointmentId }) => path.endsWith(appointmentId)) ?? different),
        externalUids: ['uid'],
        tries: [
          {
            at: '2099-06-01T10:00:00Z',
            durationMilliseconds: 120,
            action: 'create' as const,
            outcome: 'failed' as const,
            status: 400,
            message: 'attendee.email is invalid',
          },
        ],
      },
    }),
    'GET /api/calendar-connections/work': () => ({ body: { items: [] } }),
    'POST /api/calendar-connections/ledger/{id}/resolve': () => ({ body: { ...different, state: 'in_step' as const } }),
    'POST /api/calendar-connections/retry': () => ({ body: { retried: 1 } }),
  });
  return { ...renderPart(<Ledger filter="all" onFilter={() => undefined} onOpen={() => undefined} />), double };
}

test('a difference shows both sides at once and asks which is right', async () => {
  const { user, double } = open([different]);
  const table = await screen.findByRole('table');
  expect(within(table).getByText(/10:00.10:30/)).toBeInTheDocument();
  expect(within(table).getByText(/11:00.11:30/)).toBeInTheDocument();
  await user.click(screen.getByRole('button', { name: 'Restore ours there' }));
  await waitFor(() => expect(double.callsTo('POST /api/calendar-connections/ledger/{id}/resolve')).toHaveLength(1));
  expect(double.callsTo('POST /api/calendar-connections/ledger/{id}/resolve')[0]?.body).toEqual({
    resolution: 'restore_ours',
  });
});

test('a failed line says why, shows its tries, and is tried again by itself', async () => {
  const { user, double } = open([failed]);
  expect(await screen.findByText(/The attendee’s address is refused/)).toBeInTheDocument();
  await user.click(screen.getByRole('button', { name: 'Both sides and tries' }));
  expect(await screen.findByText(/Made, failed/)).toBeInTheDocument();
  expect(screen.getByText(/attendee.email is invalid/)).toBeInTheDocument();
  await user.click(screen.getByRole('button', { name: 'Try again' }));
  await waitFor(() => expect(double.callsTo('POST /api/calendar-connections/retry')).toHaveLength(1));
  expect(double.callsTo('POST /api/calendar-connections/retry')[0]?.body).toEqual({
    appointmentId: failed.appointmentId,
  });
});
