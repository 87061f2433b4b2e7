import { screen, waitFor } from '@testing-library/react';
import { answerRequests } from '../../../testing/fetch-double.ts';
import { ann, makeAppointment } from '../../../testing/fixtures.ts';
import { renderPart } from '../../../testing/render-app.tsx';
import { CommandPalette } from './command-palette.tsx';

function open(part: { daysOnly?: boolean } = {}) {
  const double = answerRequests({
    'GET /api/customers': () => ({ body: { items: [ann] } }),
    'GET /api/appointments': () => ({ body: { items: [makeAppointment()] } }),
  });
  const done: string[] = [];
  const say = (what: string) => (detail?: string) => void done.push(detail === undefined ? what : `${what} ${detail}`);
  const actions = [
    { id: 'book', name: 'New appointment', keys: ['C'], run: say('book') },
    { id: 'sheet', name: 'Keyboard shortcuts', keys: ['?'], run: say('sheet') },
  ];
  const view = renderPart(
    <CommandPalette
      actions={actions}
      daysOnly={part.daysOnly === true}
      onCustomer={say('customer')}
      onAppointment={say('appointment')}
      onDay={say('day')}
      onBook={say('book at')}
      onClose={say('close')}
    />,
  );
  return { ...view, double, done };
}

const option = (name: RegExp) => screen.findByRole('option', { name });

test('it finds customers and appointments to come by two letters, and opens them', async () => {
  const { user, double, done } = open();
  await user.keyboard('a');
  expect(double.calls).toEqual([]);
  await user.keyboard('nn');
  await user.click(await option(/^Ann Lee.*\+12125550100/));
  expect(done).toEqual(['close', `customer ${ann.id}`]);
  expect(double.callsTo('GET /api/customers').at(-1)?.query).toMatchObject({ q: 'ann' });
  expect(double.callsTo('GET /api/appointments').at(-1)?.query).toMatchObject({ q: 'ann', status: 'scheduled' });
  await user.click(await option(/^Ann Lee.*4 June 2099, 10:00/));
  expect(done.slice(2)).toEqual(['close', `appointment ${makeAppointment().id}`]);
});

test('a day is understood; with a time it is offered to be booked', async () => {
  const { user, done } = open();
  await user.keyboard('4 june 2099 10am');
  await option(/^Go to Thursday,? 4 June 2099$/);
  await user.click(await option(/^Book on Thursday,? 4 June 2099, 10:00$/));
  expect(done).toEqual(['close', 'book at 2099-06-04T10:00:00-04:00']);
});

test('an action is found by any of its words, shows its key, and Enter does it', async () => {
  const { user, done } = open();
  expect(await option(/New appointment/)).toHaveTextContent('C');
  await user.keyboard('short key');
  await waitFor(() => expect(screen.queryByRole('option', { name: /New appointment/ })).not.toBeInTheDocument());
  await waitFor(() => expect(screen.getByRole('option', { name: /Keyboard shortcuts/ })).toBeInTheDocument());
  // What was found by other words stays until the next answer; the action is chosen with the arrows.
  while (screen.getByRole('option', { selected: true }).textContent?.includes('Keyboard') !== true)
    await user.keyboard('{ArrowDown}');
  await user.keyboard('{Enter}');
  expect(done).toEqual(['close', 'sheet']);
});

test('going to a day asks for days alone, and what fits nothing says so', async () => {
  const { user, double, done } = open({ daysOnly: true });
  await user.keyboard('xyzzy');
  expect(await screen.findByText('Nothing fits.')).toBeInTheDocument();
  await user.clear(screen.getByRole('combobox'));
  await user.keyboard('4 june 2099{Enter}');
  await waitFor(() => expect(done).toEqual(['close', 'day 2099-06-04']));
  expect(double.calls).toEqual([]);
});
