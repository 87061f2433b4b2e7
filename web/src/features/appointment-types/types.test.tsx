import type { AppointmentTypeRequest } from '@daybook/http-contract/practice';
import { screen, waitFor, within } from '@testing-library/react';
import { useState } from 'react';
import { answerRequests, refuse } from '../../testing/fetch-double.ts';
import { consultation, uuidOf } from '../../testing/fixtures.ts';
import { renderPart } from '../../testing/render-app.tsx';
import { TypeList } from './components/type-list.tsx';

const massage = {
  ...consultation,
  id: uuidOf(40),
  name: 'Massage',
  isDefault: false,
  bufferAfterMinutes: 10,
  version: 5,
};
const old = { ...massage, id: uuidOf(41), name: 'Old kind', archived: true };

function Screen() {
  const [adding, setAdding] = useState(false);
  return (
    <>
      <button onClick={() => setAdding(true)}>New</button>
      <TypeList adding={adding} onAdded={() => setAdding(false)} />
    </>
  );
}

function open(answers: Parameters<typeof answerRequests>[0] = {}) {
  const saved = (body: unknown) => ({ body: { ...massage, ...(body as AppointmentTypeRequest), version: 6 } });
  const double = answerRequests({
    'GET /api/appointment-types': () => ({ body: { items: [consultation, massage, old] } }),
    'POST /api/appointment-types': ({ body }) => saved(body),
    'PUT /api/appointment-types/{id}': ({ body }) => saved(body),
    ...answers,
  });
  return { ...renderPart(<Screen />), double };
}

const row = async (name: string) => {
  // The button to archive names it again, for those who hear it alone.
  const [first] = await screen.findAllByText(name);
  return first!.closest('li')!;
};

test('each type says its lengths and what stands around it; the usual one cannot be archived', async () => {
  open();
  expect(await row('Massage')).toHaveTextContent(/30 minutes or 1 hour.*10 minutes free after/);
  expect(await row('Consultation')).toHaveTextContent('Usual type');
  expect(within(await row('Consultation')).queryByRole('button', { name: /Archive/ })).not.toBeInTheDocument();
});

test('a new type is sent as it was typed', async () => {
  const { user, double } = open();
  await row('Massage');
  await user.click(screen.getByRole('button', { name: 'New' }));
  const form = within(await screen.findByRole('form', { name: 'New type' }));
  await user.type(form.getByLabelText('Name'), ' Follow-up ');
  await user.clear(form.getByLabelText('Lengths in minutes'));
  await user.type(form.getByLabelText('Lengths in minutes'), '15; 20');
  await user.selectOptions(form.getByLabelText('Kept free before'), '5');
  await user.selectOptions(form.getByLabelText('At the latest'), '60');
  await user.selectOptions(form.getByLabelText('Offered every'), '10');
  await user.click(form.getByRole('button', { name: 'Save' }));
  await waitFor(() => expect(double.callsTo('POST /api/appointment-types')).toHaveLength(1));
  expect(double.callsTo('POST /api/appointment-types')[0]?.body).toMatchObject({
    name: 'Follow-up',
    durationsMinutes: [15, 20],
    bufferBeforeMinutes: 5,
    minimumNoticeMinutes: 60,
    slotStepMinutes: 10,
  });
  await waitFor(() => expect(screen.queryByRole('form')).not.toBeInTheDocument());
  expect(screen.getByRole('log')).toHaveTextContent('Added Follow-up');
});

test('what is wrong stands beside its field, has the focus, and nothing is sent', async () => {
  const { user, double } = open();
  await row('Massage');
  await user.click(screen.getByRole('button', { name: 'New' }));
  const form = within(await screen.findByRole('form', { name: 'New type' }));
  await user.clear(form.getByLabelText('Lengths in minutes'));
  await user.type(form.getByLabelText('Lengths in minutes'), '30, half an hour');
  await user.click(form.getByRole('button', { name: 'Save' }));
  expect(form.getByLabelText('Lengths in minutes')).toHaveAccessibleDescription(/whole minutes from 5 to 1440/);
  expect(form.getByLabelText('Name')).toHaveAccessibleDescription(/Please fill this in/);
  await waitFor(() => expect(form.getByLabelText('Name')).toHaveFocus());
  expect(double.callsTo('POST /api/appointment-types')).toEqual([]);
});

test('a change carries the version it was made from, and one made elsewhere is not overwritten', async () => {
  const { user, double } = open({ 'PUT /api/appointment-types/{id}': () => refuse('VERSION_CONFLICT') });
  await user.click(within(await row('Massage')).getByRole('button', { name: 'Edit Massage' }));
  const form = within(await screen.findByRole('form', { name: 'Edit Massage' }));
  await user.click(form.getByRole('radio', { name: 'Rose' }));
  await user.click(form.getByRole('button', { name: 'Save' }));
  expect(await form.findByText(/Somebody changed this type in the meantime/)).toBeInTheDocument();
  expect(double.callsTo('PUT /api/appointment-types/{id}')[0]?.headers['If-Match']).toBe('"5"');
});

test('a type is archived, and an archived one brought back', async () => {
  const { user, double } = open();
  await user.click(within(await row('Massage')).getByRole('button', { name: /Archive Massage/ }));
  await waitFor(() => expect(screen.getByRole('log')).toHaveTextContent('Archived Massage'));
  await user.click(screen.getByRole('button', { name: 'Show 1 archived type' }));
  await user.click(within(await row('Old kind')).getByRole('button', { name: /Bring back/ }));
  await waitFor(() => expect(screen.getByRole('log')).toHaveTextContent('Old kind can be booked again'));
  expect(double.callsTo('PUT /api/appointment-types/{id}').map(({ body }) => body)).toMatchObject([
    { name: 'Massage', archived: true },
    { name: 'Old kind', archived: false },
  ]);
});
