import { fireEvent, screen, waitFor } from '@testing-library/react';
import { answerRequests, refuse } from '../../../testing/fetch-double.ts';
import { owner } from '../../../testing/fixtures.ts';
import { renderPart } from '../../../testing/render-app.tsx';
import { SignInForm } from './sign-in-form.tsx';

const session = { body: { user: owner, accessToken: 'token', expiresAt: '2099-01-01T00:00:00Z' } };

test('what is missing is said beside its field, nothing is sent, and the first one has the focus', async () => {
  const double = answerRequests({});
  const { user } = renderPart(<SignInForm onSignedIn={() => undefined} />);
  await user.click(screen.getByRole('button', { name: 'Sign in' }));
  expect(screen.getByLabelText('Username')).toHaveAccessibleDescription('Please fill this in.');
  expect(screen.getByLabelText('Password')).toBeInvalid();
  await waitFor(() => expect(screen.getByLabelText('Username')).toHaveFocus());
  expect(double.calls).toEqual([]);
});

test('a wrong password is said in words and can be corrected', async () => {
  const signedIn = jest.fn();
  const double = answerRequests({ 'POST /api/auth/login': () => refuse('INVALID_CREDENTIALS') });
  const { user } = renderPart(<SignInForm onSignedIn={signedIn} />);
  await user.type(screen.getByLabelText('Username'), 'owner');
  await user.type(screen.getByLabelText('Password'), 'wrong{Enter}');
  expect(await screen.findByRole('alert')).toHaveTextContent('Username or password is wrong');

  double.answer({ 'POST /api/auth/login': () => session });
  await user.clear(screen.getByLabelText('Password'));
  await user.type(screen.getByLabelText('Password'), 'right{Enter}');
  await waitFor(() => expect(signedIn).toHaveBeenCalledTimes(1));
  expect(double.calls.at(-1)?.body).toEqual({ username: 'owner', password: 'right' });
});

test('too many attempts say how long to wait', async () => {
  answerRequests({ 'POST /api/auth/login': () => refuse('TOO_MANY_ATTEMPTS', { retryAfterSeconds: 90 }) });
  const { user } = renderPart(<SignInForm onSignedIn={() => undefined} />);
  await user.type(screen.getByLabelText('Username'), 'owner');
  await user.type(screen.getByLabelText('Password'), 'x{Enter}');
  expect(await screen.findByRole('alert')).toHaveTextContent('Wait 2 minutes');
});

test('what a password manager puts into the fields without a word is what is sent', async () => {
  const double = answerRequests({ 'POST /api/auth/login': () => session });
  renderPart(<SignInForm onSignedIn={() => undefined} />);
  // As a script of the page sets it: no event that React would believe.
  screen.getByLabelText<HTMLInputElement>('Username').value = 'owner';
  screen.getByLabelText<HTMLInputElement>('Password').value = 'right';
  fireEvent.click(screen.getByRole('button', { name: 'Sign in' }));
  await waitFor(() => expect(double.calls.at(-1)?.body).toEqual({ username: 'owner', password: 'right' }));
});
