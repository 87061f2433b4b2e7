import { screen, waitFor } from '@testing-library/react';
import { answerRequests, refuse } from '../../../testing/fetch-double.ts';
import { owner } from '../../../testing/fixtures.ts';
import { renderPart } from '../../../testing/render-app.tsx';
import { readReturnPath, SessionGuard } from './session-guard.tsx';

test('without a session one is sent to sign in, with the way back', async () => {
  answerRequests({
    'GET /api/auth/me': () => refuse('SESSION_INVALID'),
    'POST /api/auth/refresh': () => refuse('SESSION_INVALID'),
  });
  renderPart(<SessionGuard>secret</SessionGuard>, { at: '/calendar?view=day' });
  await waitFor(() =>
    expect(screen.getByTestId('address')).toHaveTextContent('/sign-in?return=%2Fcalendar%3Fview%3Dday'),
  );
  expect(screen.queryByText('secret')).not.toBeInTheDocument();
});

test('with a session the screen is shown', async () => {
  answerRequests({ 'GET /api/auth/me': () => ({ body: { user: owner, expiresAt: '2099-01-01T00:00:00Z' } }) });
  renderPart(<SessionGuard>secret</SessionGuard>);
  expect(await screen.findByText('secret')).toBeInTheDocument();
});

test('when the gateway is away it says so and tries again on request', async () => {
  const double = answerRequests({ 'GET /api/auth/me': () => refuse('NOT_PERMITTED') });
  const { user } = renderPart(<SessionGuard>secret</SessionGuard>);
  const again = await screen.findByRole('button', { name: 'Try again' }, { timeout: 4_000 });
  double.answer({ 'GET /api/auth/me': () => ({ body: { user: owner, expiresAt: '2099-01-01T00:00:00Z' } }) });
  await user.click(again);
  expect(await screen.findByText('secret')).toBeInTheDocument();
});

test.each([
  ['?return=%2Fhours', '/hours'],
  ['?return=%2F%2Fevil.example', '/'],
  ['?return=https%3A%2F%2Fevil.example', '/'],
  ['?return=%2F%5Cevil.example', '/'],
  ['', '/'],
])('the way back from %s is %s', (search, path) => expect(readReturnPath(search)).toBe(path));
