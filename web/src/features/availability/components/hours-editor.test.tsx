import type { ReplaceAvailabilityRequest } from '@daybook/http-contract/availability';
import { fireEvent, screen, waitFor, within } from '@testing-library/react';
import { answerRequests, refuse } from '../../../testing/fetch-double.ts';
import { makeAppointment, makeRules } from '../../../testing/fixtures.ts';
import { renderPart } from '../../../testing/render-app.tsx';
import { HoursEditor } from './hours-editor.tsx';

jest.setTimeout(30_000);

function open(answers: Parameters<typeof answerRequests>[0] = {}) {
  const double = answerRequests({
    'PUT /api/availability': ({ body }) => ({
      body: { ...makeRules({ version: 8 }), ...(body as ReplaceAvailabilityRequest), outsideNewHours: [] },
    }),
    'POST /api/availability/preview': () => ({ body: { opens: [], closes: [], outsideNewHours: [] } }),
    'GET /api/availability': () => ({ body: makeRules() }),
    ...answers,
  });
  const onReload = jest.fn();
  const onOpen = jest.fn();
  const view = renderPart(<HoursEditor rules={makeRules()} onReload={onReload} onOpenAppointment={onOpen} />);
  return { ...view, double, onReload, onOpen, saves: () => double.callsTo('PUT /api/availability') };
}

const monday = (edge: 'from' | 'to') => screen.findByRole('textbox', { name: `Monday ${edge}` }, { timeout: 8_000 });
const save = () => screen.getByRole('button', { name: 'Save hours' });

test('the atoms really edit hours: an hour changed and saved is in the body, with the version it was made from', async () => {
  const { user, saves } = open();
  const start = await monday('from');
  expect(start).toHaveValue('09:00');
  await user.clear(start);
  await user.type(start, '8:30{Tab}');
  await user.click(save());
  await waitFor(() => expect(saves()).toHaveLength(1));
  expect(saves()[0]?.body).toEqual({
    timeZone: 'America/New_York',
    weekly: [{ day: 'monday', start: '08:30', end: '17:00' }],
    overrides: [],
  });
  expect(saves()[0]?.headers['If-Match']).toBe('"7"');
});

test('a second save goes from the version the first one left, and the same hours are not sent twice', async () => {
  const { user, saves } = open();
  const end = await monday('to');
  await user.clear(end);
  await user.type(end, '24:00{Tab}');
  await user.click(save());
  await waitFor(() => expect(saves()).toHaveLength(1));
  expect((saves()[0]?.body as ReplaceAvailabilityRequest).weekly).toEqual([
    { day: 'monday', start: '09:00', end: '24:00' },
  ]);
  await user.click(await screen.findByRole('checkbox', { name: 'Tuesday' }));
  await user.click(save());
  await waitFor(() => expect(saves()).toHaveLength(2));
  expect(saves()[1]?.headers['If-Match']).toBe('"8"');
});

test('appointments outside the new hours are listed and can be opened', async () => {
  const { user, onOpen } = open({
    'PUT /api/availability': ({ body }) => ({
      body: {
        ...makeRules({ version: 8 }),
        ...(body as ReplaceAvailabilityRequest),
        outsideNewHours: [makeAppointment()],
      },
    }),
  });
  await user.click(await screen.findByRole('checkbox', { name: 'Tuesday' }, { timeout: 8_000 }));
  await user.click(save());
  expect(await screen.findByText('1 appointment lies outside the new hours')).toBeInTheDocument();
  await user.click(screen.getByRole('button', { name: /Ann Lee/ }));
  expect(onOpen).toHaveBeenCalledWith(makeAppointment().id);
});

test('hours changed by somebody else are not overwritten', async () => {
  const { user, onReload } = open({ 'PUT /api/availability': () => refuse('VERSION_CONFLICT', { currentVersion: 9 }) });
  await user.click(await screen.findByRole('checkbox', { name: 'Tuesday' }, { timeout: 8_000 }));
  await user.click(save());
  await user.click(await screen.findByRole('button', { name: 'Load the new hours' }));
  expect(onReload).toHaveBeenCalled();
});

test('hours that end before they start are not sent', async () => {
  const { user, saves } = open();
  const end = await monday('to');
  await user.clear(end);
  await user.type(end, '8:00{Tab}');
  expect(await screen.findByText(/The end must be after the start/)).toBeInTheDocument();
  await user.click(save());
  expect(await screen.findByText(/Correct them and save again/)).toBeInTheDocument();
  expect(saves()).toEqual([]);
});

test('a special date is saved as soon as it is added, together with the hours', async () => {
  const { user, saves } = open();
  await monday('from');
  await user.click(screen.getByTestId('add-override'));
  const days = await screen.findAllByTestId('day');
  const day = days.findLast((button) => !(button as HTMLButtonElement).disabled);
  if (day === undefined) throw new Error('no day can be chosen');
  await user.click(day);
  await user.click(await screen.findByTestId('date-override-mark-unavailable'));
  await user.click(screen.getByTestId('add-override-submit-btn'));
  await waitFor(() => expect(saves()).toHaveLength(1));
  const body = saves()[0]?.body as ReplaceAvailabilityRequest;
  expect(body.weekly).toEqual([{ day: 'monday', start: '09:00', end: '17:00' }]);
  expect(body.overrides).toEqual([{ date: expect.stringMatching(/^\d{4}-\d{2}-\d{2}$/), intervals: [] }]);
});

const stretch = (day: string) => ({ start: `${day}T09:00:00-04:00`, end: `${day}T12:00:00-04:00` });

test('what would change is shown first, and nothing is saved until it is confirmed', async () => {
  const { user, saves, double } = open({
    'POST /api/availability/preview': () => ({
      body: {
        opens: [stretch('2099-06-02'), stretch('2099-06-09')],
        closes: [stretch('2099-06-01')],
        outsideNewHours: [makeAppointment()],
      },
    }),
  });
  await user.click(await screen.findByRole('checkbox', { name: 'Tuesday' }, { timeout: 8_000 }));
  await user.click(save());
  const dialog = await screen.findByRole('dialog', { name: 'What these hours change' });
  expect(dialog).toHaveTextContent(/Tuesday, 09:00.+12:00/);
  expect(dialog).toHaveTextContent('2 times');
  expect(dialog).toHaveTextContent(/Monday,? 1 June 2099, 09:00.+12:00/);
  expect(dialog).toHaveTextContent('1 appointment lies outside the new hours');
  expect(double.callsTo('POST /api/availability/preview')[0]?.body).toMatchObject({
    weekly: [
      { day: 'monday', start: '09:00', end: '17:00' },
      { day: 'tuesday', start: '09:00', end: '17:00' },
    ],
  });
  await user.click(screen.getByRole('button', { name: 'Keep editing', hidden: false }));
  expect(saves()).toEqual([]);
  expect(screen.getByRole('checkbox', { name: 'Tuesday' })).toBeChecked();
  await user.click(save());
  await user.click(await screen.findByRole('button', { name: 'Save these hours' }));
  await waitFor(() => expect(saves()).toHaveLength(1));
});

test('days off over a range are one entry, added to what is being edited', async () => {
  const { user, saves } = open();
  await user.click(await screen.findByRole('checkbox', { name: 'Tuesday' }, { timeout: 8_000 }));
  await user.click(screen.getByRole('button', { name: 'Time off or other hours' }));
  fireEvent.change(screen.getByLabelText('First day'), { target: { value: '2099-08-01' } });
  fireEvent.change(screen.getByLabelText(/Last day/), { target: { value: '2099-08-14' } });
  await user.click(screen.getByRole('button', { name: 'See what changes' }));
  await waitFor(() => expect(saves()).toHaveLength(1));
  const body = saves()[0]?.body as ReplaceAvailabilityRequest;
  expect(body.overrides).toEqual([{ date: '2099-08-01', endDate: '2099-08-14', intervals: [] }]);
  expect(body.weekly.map(({ day }) => day)).toEqual(['monday', 'tuesday']);
});

test('a day is copied to the days that are chosen', async () => {
  const { user, saves } = open();
  await monday('from');
  await user.click(screen.getByRole('button', { name: /Copy the hours of Monday/ }));
  const choice = screen.getByRole('group', { name: 'Copy the hours of Monday to' });
  await user.click(within(choice).getByRole('checkbox', { name: 'Saturday' }));
  await user.click(within(choice).getByRole('button', { name: 'Copy to these days' }));
  await user.click(save());
  await waitFor(() => expect(saves()).toHaveLength(1));
  expect((saves()[0]?.body as ReplaceAvailabilityRequest).weekly).toEqual([
    { day: 'monday', start: '09:00', end: '17:00' },
    { day: 'saturday', start: '09:00', end: '17:00' },
  ]);
});
