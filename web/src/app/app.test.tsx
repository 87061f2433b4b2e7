import type { Appointment } from '@daybook/http-contract/appointments';
import { act, screen, waitFor, within } from '@testing-library/react';
import { noteServerAnswer, noteStoredAnswer } from '../lib/offline.ts';
import { FakeSource } from '../testing/fake-source.ts';
import { answerRequests, refuse } from '../testing/fetch-double.ts';
import {
  ann,
  consultation,
  makeAppointment,
  makeConnection,
  makeDetails,
  makePractice,
  makeRules,
  owner,
  provider,
  uuidOf,
  zone,
} from '../testing/fixtures.ts';
import { renderApp } from '../testing/render-app.tsx';

jest.setTimeout(30_000);

const sources: FakeSource[] = [];
beforeAll(() => {
  const open = function () {
    const source = new FakeSource();
    sources.push(source);
    return source;
  };
  Object.defineProperty(globalThis, 'EventSource', { value: open, configurable: true });
});
beforeEach(() => sources.splice(0));

/** An instant so many minutes from now, in UTC. */
const soon = (minutes: number) => new Date(Date.now() + minutes * 60_000).toISOString();
const session = { user: owner, accessToken: 'token', expiresAt: '2099-01-01T00:00:00Z' };

/** A practice whose only appointment to come begins in two minutes; what is done to it is kept. */
function open(at: string, answers: Parameters<typeof answerRequests>[0] = {}) {
  let appointment: Appointment = makeAppointment({ start: soon(2), end: soon(32) });
  const change = (changes: Partial<Appointment>) => {
    appointment = { ...appointment, ...changes, version: appointment.version + 1 };
    return { body: appointment };
  };
  const double = answerRequests({
    'GET /api/auth/me': () => ({ body: { user: owner, expiresAt: '2099-01-01T00:00:00Z' } }),
    'GET /api/providers': () => ({ body: { items: [provider] } }),
    'GET /api/practice': () => ({ body: makePractice({ guideStepsDone: ['hours', 'type', 'calcom', 'booking'] }) }),
    'GET /api/appointments': () => ({ body: { items: appointment.status === 'cancelled' ? [] : [appointment] } }),
    'GET /api/appointments/{id}': () => ({ body: { ...makeDetails(), ...appointment } }),
    'GET /api/availability': () => ({ body: makeRules({ free: [{ start: soon(60), end: soon(120) }] }) }),
    'GET /api/calendar-connections': () => ({ body: { items: [makeConnection()] } }),
    'GET /api/appointment-types': () => ({ body: { items: [consultation] } }),
    'GET /api/customers': () => ({ body: { items: [ann] } }),
    'GET /api/slots': () => ({
      body: {
        slots: [{ start: '2099-06-04T11:00:00-04:00', end: '2099-06-04T11:30:00-04:00' }],
        durationMinutes: 30,
        timeZone: zone,
      },
    }),
    'POST /api/appointments/{id}/attendance': ({ body }) => {
      const { attendance } = body as { attendance: string };
      const { arrivedAt: _before, ...rest } = appointment;
      if (attendance === 'expected') appointment = rest;
      return change(attendance === 'arrived' ? { arrivedAt: soon(0) } : { status: 'scheduled' });
    },
    'DELETE /api/appointments/{id}': () => change({ status: 'cancelled' }),
    'POST /api/appointments/{id}/restore': () => change({ status: 'scheduled' }),
    ...answers,
  });
  return { ...renderApp(at), double };
}

const today = () => screen.findByRole('heading', { name: 'Today', level: 1 });
const said = () => screen.getByRole('log').textContent;

test('whoever has no session signs in and comes back to where they wanted to go', async () => {
  const { user, double } = open('/appointments?status=cancelled', {
    'GET /api/auth/me': () => refuse('SESSION_EXPIRED'),
    'POST /api/auth/refresh': () => refuse('SESSION_EXPIRED'),
    'POST /api/auth/login': () => ({ body: session }),
  });
  await user.type(await screen.findByLabelText('Username'), 'owner');
  await user.type(screen.getByLabelText('Password'), 'right{Enter}');
  expect(await screen.findByRole('heading', { name: 'Appointments', level: 1 })).toBeVisible();
  expect(window.location.search).toBe('?status=cancelled');
  await waitFor(() =>
    expect(double.callsTo('GET /api/appointments').at(-1)?.query).toMatchObject({ status: 'cancelled' }),
  );
});

test('on Today a visit is marked in one tap, announced, and unmarked by z', async () => {
  const { user, double } = open('/');
  await today();
  const marks = within(await screen.findByRole('group', { name: 'How Ann Lee came' }));
  await user.click(marks.getByRole('button', { name: 'Arrived' }));
  await waitFor(() => expect(said()).toBe('Ann Lee has arrived. Press Z to undo.'));
  expect(marks.getByRole('button', { name: 'Arrived' })).toHaveAttribute('aria-pressed', 'true');
  await user.keyboard('z');
  await waitFor(() => expect(said()).toBe('Taken back: Ann Lee has arrived'));
  const sent = double.callsTo('POST /api/appointments/{id}/attendance');
  expect(sent.map(({ body }) => body)).toEqual([{ attendance: 'arrived' }, { attendance: 'expected' }]);
  expect(sent.map(({ headers }) => headers['If-Match'])).toEqual(['"3"', '"4"']);
});

test('a refused mark is put back and said', async () => {
  const { user } = open('/', { 'POST /api/appointments/{id}/attendance': () => refuse('VERSION_CONFLICT') });
  await today();
  const marks = within(await screen.findByRole('group', { name: 'How Ann Lee came' }));
  await user.click(marks.getByRole('button', { name: 'Done' }));
  await waitFor(() => expect(said()).toMatch(/Ann Lee/));
  await waitFor(() => expect(marks.getByRole('button', { name: 'Done' })).toHaveAttribute('aria-pressed', 'false'));
});

test('an appointment opened by its address is cancelled from the panel and brought back by undo', async () => {
  const { user, double } = open(`/?appointment=${uuidOf(10)}`);
  await user.click(await screen.findByRole('button', { name: 'Cancel appointment' }));
  await user.click(await screen.findByRole('button', { name: 'Cancel it' }));
  await waitFor(() => expect(said()).toMatch(/^Cancelled Ann Lee/));
  await waitFor(() => expect(window.location.search).toBe(''));
  await waitFor(() => expect(screen.queryByRole('dialog')).not.toBeInTheDocument());
  await user.keyboard('z');
  await waitFor(() => expect(double.callsTo('POST /api/appointments/{id}/restore')).toHaveLength(1));
  await waitFor(() => expect(said()).toMatch(/^Taken back/));
});

test('keys open what they say: the sheet, the line, the palette, the form, the next free time', async () => {
  const { user } = open('/');
  await today();
  await screen.findByRole('group', { name: 'How Ann Lee came' });
  const opens = async (keys: string, name: string) => {
    await user.keyboard(keys);
    const dialog = await screen.findByRole('dialog', { name });
    return dialog;
  };
  const close = async () => {
    await user.keyboard('{Escape}');
    await waitFor(() => expect(screen.queryByRole('dialog')).not.toBeInTheDocument());
  };
  // The keys come with the tools, a moment after the screen.
  await waitFor(async () => {
    await user.keyboard('?');
    expect(screen.getByRole('dialog', { name: 'Keyboard shortcuts' })).toBeInTheDocument();
  });
  const sheet = screen.getByRole('dialog', { name: 'Keyboard shortcuts' });
  for (const line of ['Quick booking', 'Next free time', 'Take one of the nearest times'])
    expect(sheet).toHaveTextContent(line);
  await close();
  await opens('q', 'Quick booking');
  await close();
  const book = screen.getByRole('button', { name: 'New appointment' });
  act(() => book.focus());
  await opens('/', 'Find and do');
  await close();
  await waitFor(() => expect(book).toHaveFocus());
  await opens('/', 'Find and do');
  await user.keyboard('go to cust');
  await user.click(await screen.findByRole('option', { name: 'Go to Customers' }));
  await screen.findByRole('heading', { name: 'Customers', level: 1 });
  const form = await opens('f', 'New appointment');
  expect(await within(form).findByLabelText('Time')).toHaveValue('11:00');
  expect(within(form).getByLabelText('Day')).toHaveValue('2099-06-04');
});

test('what another tab changes is read again, and a lost stream is said above every screen', async () => {
  const { double } = open('/');
  await today();
  await screen.findByRole('group', { name: 'How Ann Lee came' });
  await waitFor(() => expect(sources).toHaveLength(1));
  act(() => sources[0]?.open());
  const before = double.callsTo('GET /api/appointments').length;
  act(() => sources[0]?.send('change', `{"kind":"appointment","id":"${uuidOf(10)}","version":9}`));
  await waitFor(() => expect(double.callsTo('GET /api/appointments').length).toBeGreaterThan(before));
  act(() => sources[0]?.fail());
  expect(await screen.findByText(/^No live connection/)).toBeInTheDocument();
});

test('what could not be read again stays, marked as perhaps old, and trying again heals it', async () => {
  const { user, double, client } = open('/');
  await today();
  await screen.findByRole('group', { name: 'How Ann Lee came' });
  double.answer({ 'GET /api/appointments': () => refuse('DATABASE_UNAVAILABLE') });
  await act(() => client.invalidateQueries());
  expect(await screen.findByText(/What you see may be old\./)).toBeInTheDocument();
  expect(screen.getByRole('group', { name: 'How Ann Lee came' })).toBeInTheDocument();
  double.answer({ 'GET /api/appointments': () => ({ body: { items: [] } }) });
  await user.click(screen.getByRole('button', { name: 'Try again' }));
  await waitFor(() => expect(screen.queryByText(/may be old/)).not.toBeInTheDocument());
  expect(await screen.findByText('No appointments in the next two weeks')).toBeInTheDocument();
});

test('offline nothing that changes something is done by a key or found in the palette', async () => {
  const { user } = open('/');
  await today();
  await screen.findByRole('group', { name: 'How Ann Lee came' });
  act(() => noteStoredAnswer(Date.now()));
  expect(screen.getByRole('button', { name: 'New appointment' })).toBeDisabled();
  expect(screen.queryByRole('group', { name: 'How Ann Lee came' })).not.toBeInTheDocument();
  await waitFor(async () => {
    await user.keyboard('cqf/');
    expect(screen.getByRole('dialog', { name: 'Find and do' })).toBeInTheDocument();
  });
  expect(screen.queryByRole('dialog', { name: /appointment|booking/ })).not.toBeInTheDocument();
  expect(await screen.findByRole('option', { name: 'Go to Customers' })).toBeInTheDocument();
  expect(screen.queryByRole('option', { name: /New appointment|Quick booking|Undo/ })).not.toBeInTheDocument();
  await user.keyboard('{Escape}');
  act(() => noteServerAnswer());
});
