import { screen, waitFor, within } from '@testing-library/react';
import { useState } from 'react';
import { answerRequests, refuse } from '../../../testing/fetch-double.ts';
import { makeAppointment, uuidOf } from '../../../testing/fixtures.ts';
import { renderPart } from '../../../testing/render-app.tsx';
import { ToastPlace } from '../../../ui/toast-place.tsx';
import { AppointmentsList } from './appointments-list.tsx';
import type { ListFilter } from './appointments-list.tsx';

function List(props: { onOpen?: (id: string) => void }) {
  const [filter, setFilter] = useState<ListFilter>({ q: '', status: 'all', from: '2099-06-01', to: '', provider: '' });
  return (
    <AppointmentsList
      filter={filter}
      now={0}
      onFilter={setFilter}
      onLeave={() => undefined}
      onOpen={props.onOpen ?? (() => undefined)}
      providers={[]}
      emptyAction={<button type="button">Book one</button>}
    />
  );
}

test('an empty list says what to do next', async () => {
  answerRequests({ 'GET /api/appointments': () => ({ body: { items: [] } }) });
  renderPart(<List />);
  expect(await screen.findByText('No appointments from this day on')).toBeInTheDocument();
  expect(screen.getByRole('button', { name: 'Book one' })).toBeInTheDocument();
});

test('a row says in one sentence when, who, and how it stands with Cal.com', async () => {
  const onOpen = jest.fn();
  answerRequests({ 'GET /api/appointments': () => ({ body: { items: [makeAppointment()] } }) });
  const { user } = renderPart(<List onOpen={onOpen} />);
  await user.click(
    await screen.findByRole('button', { name: /^Thursday,? 4 June 2099, 10:00.10:30, Ann Lee, in step with Cal.com$/ }),
  );
  expect(onOpen).toHaveBeenCalledWith(makeAppointment().id);
});

test('filters reach the gateway as instants of the practice, and can be cleared', async () => {
  const double = answerRequests({ 'GET /api/appointments': () => ({ body: { items: [] } }) });
  const { user } = renderPart(<List />);
  await screen.findByText('No appointments from this day on');
  expect(double.calls[0]?.query).toEqual({ from: '2099-06-01T00:00:00-04:00', limit: '50' });
  await user.selectOptions(screen.getByLabelText('Status'), 'cancelled');
  await user.type(screen.getByLabelText('Search'), 'ann');
  await waitFor(() => expect(double.calls.at(-1)?.query).toMatchObject({ status: 'cancelled', q: 'ann' }));
  await user.click(await screen.findByRole('button', { name: 'Clear the filters' }));
  await waitFor(() => expect(screen.getByText('No appointments from this day on')).toBeInTheDocument());
});

test('more pages follow by the cursor', async () => {
  const second = makeAppointment({
    id: uuidOf(11),
    start: '2099-06-05T10:00:00-04:00',
    end: '2099-06-05T10:30:00-04:00',
  });
  const double = answerRequests({
    'GET /api/appointments': ({ query }) => ({
      body: query['cursor'] === 'next' ? { items: [second] } : { items: [makeAppointment()], nextCursor: 'next' },
    }),
  });
  const { user } = renderPart(<List />);
  await user.click(await screen.findByRole('button', { name: 'Show more' }));
  expect(await screen.findByRole('button', { name: /Friday,? 5 June/ })).toBeInTheDocument();
  expect(double.calls).toHaveLength(2);
});

test('several are cancelled one by one: a refused one stops no other, and all that went can be brought back', async () => {
  const ids = [20, 21, 22].map(uuidOf);
  const items = ids.map((id, index) =>
    makeAppointment({
      id,
      start: `2099-06-04T1${index}:00:00-04:00`,
      end: `2099-06-04T1${index}:30:00-04:00`,
    }),
  );
  const find = (path: string) => {
    const found = items.find(({ id }) => path.includes(id));
    if (found === undefined) throw new Error(`no appointment in ${path}`);
    return found;
  };
  const double = answerRequests({
    'GET /api/appointments': () => ({ body: { items } }),
    'DELETE /api/appointments/{id}': ({ path }) =>
      path.includes(ids[1] ?? '')
        ? refuse('VERSION_CONFLICT', { currentVersion: 9 })
        : { body: { ...find(path), status: 'cancelled' as const, version: 4 } },
    'POST /api/appointments/{id}/restore': ({ path }) => ({ body: { ...find(path), version: 5 } }),
  });
  const { user } = renderPart(
    <>
      <List />
      <ToastPlace label="Notifications" />
    </>,
  );
  await user.click(await screen.findByRole('button', { name: 'Choose several' }));
  await user.click(screen.getByRole('button', { name: 'Choose all shown' }));
  await user.click(screen.getByRole('button', { name: 'Cancel them…' }));
  const dialog = await screen.findByRole('dialog', { name: 'Cancel 3 appointments' });
  await user.type(within(dialog).getByLabelText(/Reason for all/), 'ill');
  await user.click(within(dialog).getByRole('button', { name: 'Cancel all 3' }));
  expect(await within(dialog).findByText('2 of 3 cancelled')).toBeInTheDocument();
  expect(within(dialog).getByText(/Somebody changed it in the meantime/)).toBeInTheDocument();
  const cancels = double.callsTo('DELETE /api/appointments/{id}');
  expect(cancels.map(({ query, headers }) => [query['reason'], headers['If-Match']])).toEqual([
    ['ill', '"3"'],
    ['ill', '"3"'],
    ['ill', '"3"'],
  ]);
  await user.click(within(dialog).getAllByRole('button', { name: 'Close' }).at(-1) as HTMLElement);
  await user.click(await screen.findByRole('button', { name: /^Undo/ }));
  await waitFor(() => expect(double.callsTo('POST /api/appointments/{id}/restore')).toHaveLength(2));
  expect(double.callsTo('POST /api/appointments/{id}/restore').map(({ headers }) => headers['If-Match'])).toEqual([
    '"4"',
    '"4"',
  ]);
});
