import { screen, waitFor, within } from '@testing-library/react';
import type { CustomerDetails } from '@daybook/http-contract/practice';
import { answerRequests, refuse } from '../../../testing/fetch-double.ts';
import { ann, uuidOf } from '../../../testing/fixtures.ts';
import { renderPart } from '../../../testing/render-app.tsx';
import { CustomerCard } from './customer-card.tsx';

const twin = { ...ann, id: uuidOf(80), name: 'Anne Lee', email: 'anne@example.org' };
const details: CustomerDetails = { ...ann, timeZone: 'Europe/Paris', possibleDuplicates: [twin] };

function open(answers: Parameters<typeof answerRequests>[0] = {}) {
  const double = answerRequests({
    'GET /api/customers': () => ({ body: { items: [] } }),
    'PUT /api/customers/{id}': () => ({ body: { ...ann, version: 2 } }),
    'POST /api/customers/{id}/merge': () => ({ body: { customer: ann, movedAppointments: 3 } }),
    ...answers,
  });
  const onOpenKnown = jest.fn();
  const view = renderPart(
    <CustomerCard customer={details} onBook={() => undefined} onOpenKnown={onOpenKnown} onReload={() => undefined} />,
  );
  return { ...view, double, onOpenKnown };
}

test('editing sends all particulars with the version they were made from, so nothing is cleared by accident', async () => {
  const { user, double } = open();
  await user.click(screen.getByRole('button', { name: 'Edit' }));
  const dialog = await screen.findByRole('dialog', { name: 'Edit' });
  await user.type(within(dialog).getByLabelText(/^Notes/), 'Likes mornings');
  await user.click(within(dialog).getByRole('button', { name: 'Save' }));
  await waitFor(() => expect(double.callsTo('PUT /api/customers/{id}')).toHaveLength(1));
  const [call] = double.callsTo('PUT /api/customers/{id}');
  expect(call?.headers['If-Match']).toBe('"1"');
  expect(call?.body).toEqual({
    name: 'Ann Lee',
    email: 'ann@example.org',
    phone: '+12125550100',
    timeZone: 'Europe/Paris',
    notes: 'Likes mornings',
  });
  await waitFor(() => expect(screen.queryByRole('dialog')).not.toBeInTheDocument());
  await waitFor(() => expect(screen.getByRole('button', { name: 'Edit' })).toHaveFocus());
});

test('an e-mail that somebody known has leads to them', async () => {
  const { user, onOpenKnown } = open({
    'PUT /api/customers/{id}': () => refuse('CUSTOMER_EXISTS', { customerId: twin.id }),
  });
  await user.click(screen.getByRole('button', { name: 'Edit' }));
  await user.click(await screen.findByRole('button', { name: 'Save' }));
  await user.click(await screen.findByRole('button', { name: 'Open the known one' }));
  expect(onOpenKnown).toHaveBeenCalledWith(twin.id);
});

test('who may be the same person is proposed, named once more, and joined once', async () => {
  const { user, double } = open();
  await user.click(screen.getByRole('button', { name: 'Join…' }));
  const dialog = await screen.findByRole('dialog', { name: 'Join with another' });
  expect(within(dialog).getByRole('radio', { name: /Anne Lee/ })).toBeChecked();
  expect(within(dialog).getByText(/Join Anne Lee into Ann Lee\? This cannot be undone/)).toBeInTheDocument();
  await user.click(within(dialog).getByRole('button', { name: 'Join' }));
  await waitFor(() => expect(double.callsTo('POST /api/customers/{id}/merge')).toHaveLength(1));
  expect(double.callsTo('POST /api/customers/{id}/merge')[0]).toMatchObject({
    path: `/api/customers/${ann.id}/merge`,
    body: { mergeId: twin.id },
  });
});
