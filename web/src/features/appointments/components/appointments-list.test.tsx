import { screen, waitFor } from '@testing-library/react';
import { useState } from 'react';
import { answerRequests } from '../../../testing/fetch-double.ts';
import { makeAppointment, uuidOf } from '../../../testing/fixtures.ts';
import { renderPart } from '../../../testing/render-app.tsx';
import { AppointmentsList } from './appointments-list.tsx';
import type { ListFilter } from './appointments-list.tsx';

function List(props: { onOpen?: (id: string) => void }) {
  const [filter, setFilter] = useState<ListFilter>({ q: '', status: 'all', from: '2099-06-01', to: '' });
  return (
    <AppointmentsList
      filter={filter}
      now={0}
      onFilter={setFilter}
      onOpen={props.onOpen ?? (() => undefined)}
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
