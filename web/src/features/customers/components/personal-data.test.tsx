import { screen, waitFor, within } from '@testing-library/react';
import { answerRequests, refuse } from '../../../testing/fetch-double.ts';
import { ann } from '../../../testing/fixtures.ts';
import { renderPart } from '../../../testing/render-app.tsx';
import { PersonalData } from './personal-data.tsx';

function open(answers: Parameters<typeof answerRequests>[0] = {}) {
  const double = answerRequests({
    'GET /api/customers/{id}/export': () => ({ body: { customer: ann, appointments: [] } }),
    'DELETE /api/customers/{id}': () => ({ body: { erasedAppointments: 3 } }),
    ...answers,
  });
  const onErased = jest.fn();
  const view = renderPart(<PersonalData customer={ann} onErased={onErased} />);
  return { ...view, double, onErased };
}

test('everything kept about a person is handed over as a file named after them', async () => {
  const blobs: Blob[] = [];
  const names: string[] = [];
  URL.createObjectURL = (blob) => `blob:${blobs.push(blob as Blob)}`;
  URL.revokeObjectURL = () => undefined;
  jest.spyOn(HTMLAnchorElement.prototype, 'click').mockImplementation(function (this: HTMLAnchorElement) {
    names.push(this.download);
  });
  const { user } = open();
  await user.click(screen.getByRole('button', { name: 'Export as a file' }));
  await waitFor(() => expect(names).toEqual([`customer-${ann.id}.json`]));
  expect(blobs[0]?.type).toBe('application/json');
});

test('a person is erased once, and only after their name was typed', async () => {
  const { user, double, onErased } = open();
  await user.click(screen.getByRole('button', { name: 'Erase…' }));
  const dialog = await screen.findByRole('dialog', { name: 'Erase Ann Lee' });
  const submit = within(dialog).getByRole('button', { name: 'Erase for good' });
  expect(submit).toBeDisabled();
  await user.type(within(dialog).getByLabelText(/Type the name/), 'Ann Le');
  expect(submit).toBeDisabled();
  await user.type(within(dialog).getByLabelText(/Type the name/), 'e');
  await user.click(submit);
  await waitFor(() => expect(onErased).toHaveBeenCalledTimes(1));
  expect(double.callsTo('DELETE /api/customers/{id}')).toHaveLength(1);
});

test('somebody who is expected stays, and the dialog says what to do first', async () => {
  const { user, onErased } = open({ 'DELETE /api/customers/{id}': () => refuse('CUSTOMER_HAS_APPOINTMENTS') });
  await user.click(screen.getByRole('button', { name: 'Erase…' }));
  await user.type(await screen.findByLabelText(/Type the name/), 'Ann Lee');
  await user.click(screen.getByRole('button', { name: 'Erase for good' }));
  await screen.findByText(/Cancel them first/);
  expect(onErased).not.toHaveBeenCalled();
});
