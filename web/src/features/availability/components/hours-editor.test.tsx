import type { ReplaceAvailabilityRequest } from '@daybook/http-contract/availability';
import { screen, waitFor } from '@testing-library/react';
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
