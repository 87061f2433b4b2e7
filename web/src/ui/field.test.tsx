import { render, screen, waitFor } from '@testing-library/react';
import '@testing-library/jest-dom';
import { focusFirstFault, TextField } from './field.tsx';

function showForm(): HTMLFormElement {
  render(
    <form aria-label="sample">
      <TextField label="Name" />
      <TextField label="Address" error="Please fill this in." />
      <button type="button">Save</button>
    </form>,
  );
  return screen.getByRole<HTMLFormElement>('form');
}

const nextFrame = () => new Promise((resolve) => requestAnimationFrame(resolve));

test('the first wrong field is led to', async () => {
  const form = showForm();
  screen.getByRole('button').focus();
  focusFirstFault(form);
  await waitFor(() => expect(screen.getByLabelText('Address')).toHaveFocus());
});

test('whoever has begun to write elsewhere before the fault is drawn stays there', async () => {
  const form = showForm();
  screen.getByRole('button').focus();
  focusFirstFault(form);
  screen.getByLabelText('Name').focus();
  await nextFrame();
  await nextFrame();
  expect(screen.getByLabelText('Name')).toHaveFocus();
});
