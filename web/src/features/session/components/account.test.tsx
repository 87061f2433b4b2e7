import { screen, waitFor, within } from '@testing-library/react';
import { answerRequests, refuse } from '../../../testing/fetch-double.ts';
import { owner, uuidOf } from '../../../testing/fixtures.ts';
import { renderPart } from '../../../testing/render-app.tsx';
import { PasswordForm } from './password-form.tsx';
import { SessionList } from './session-list.tsx';

const me = { 'GET /api/auth/me': () => ({ body: { user: owner, expiresAt: '2099-01-01T00:00:00Z' } }) };

describe('a new password', () => {
  function open(answers: Parameters<typeof answerRequests>[0] = {}) {
    const double = answerRequests({
      ...me,
      'POST /api/auth/password': () => ({ body: { endedSessions: 2 } }),
      ...answers,
    });
    const view = renderPart(<PasswordForm />);
    const fill = async (current: string, next: string, again = next) => {
      await view.user.type(screen.getByLabelText('Current password'), current);
      await view.user.type(screen.getByLabelText('New password'), next);
      await view.user.type(screen.getByLabelText('New password again'), again);
      await view.user.click(screen.getByRole('button', { name: 'Set the password' }));
    };
    return { ...view, double, fill };
  }

  test('is set, says how many other sessions ended, and leaves nothing in the fields', async () => {
    const { fill, double } = open();
    await fill('old one', 'a new long one');
    await waitFor(() => expect(screen.getByRole('log')).toHaveTextContent('2 other sessions ended'));
    expect(double.callsTo('POST /api/auth/password')[0]?.body).toEqual({
      currentPassword: 'old one',
      newPassword: 'a new long one',
    });
    expect(screen.getByLabelText('New password')).toHaveValue('');
  });

  test('typed twice differently is not sent; what is missing says so', async () => {
    const { fill, double, user } = open();
    await user.click(screen.getByRole('button', { name: 'Set the password' }));
    expect(screen.getByLabelText('Current password')).toHaveAccessibleDescription('Please fill this in.');
    await fill('old one', 'a new long one', 'another');
    expect(screen.getByLabelText('New password again')).toHaveAccessibleDescription('The two are not the same.');
    expect(double.callsTo('POST /api/auth/password')).toEqual([]);
  });

  test('with a wrong current one is told beside it, once asked', async () => {
    const { fill, double } = open({ 'POST /api/auth/password': () => refuse('INVALID_CREDENTIALS') });
    await fill('wrong', 'a new long one');
    await waitFor(() =>
      expect(screen.getByLabelText('Current password')).toHaveAccessibleDescription(
        'The current password is not right.',
      ),
    );
    expect(double.callsTo('POST /api/auth/password')).toHaveLength(1);
  });

  test('can be looked at while it is typed', async () => {
    const { user } = open();
    expect(screen.getByLabelText('New password')).toHaveAttribute('type', 'password');
    await user.click(screen.getByRole('checkbox', { name: 'Show what is typed' }));
    expect(screen.getByLabelText('New password')).toHaveAttribute('type', 'text');
  });
});

describe('where one is signed in', () => {
  const session = (number: number, userAgent: string, current = false) => ({
    id: uuidOf(number),
    createdAt: '2026-06-01T08:00:00Z',
    lastUsedAt: '2026-06-02T08:00:00Z',
    expiresAt: '2099-01-01T00:00:00Z',
    userAgent,
    current,
  });
  const firefox = 'Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0';
  const items = [session(50, firefox, true), session(51, firefox), session(52, 'something')];

  function open() {
    const double = answerRequests({
      'GET /api/auth/sessions': () => ({ body: { items } }),
      'DELETE /api/auth/sessions': () => ({ body: { endedSessions: 2 } }),
      'DELETE /api/auth/sessions/{id}': () => ({ body: { endedSessions: 1 } }),
    });
    return { ...renderPart(<SessionList />), double };
  }

  test('this place is named and cannot be ended here; another one can', async () => {
    const { user, double } = open();
    const rows = await screen.findAllByRole('listitem');
    expect(rows[0]).toHaveTextContent(/Firefox on Linux.*Here/);
    expect(within(rows[0]!).queryByRole('button')).not.toBeInTheDocument();
    await user.click(within(rows[2]!).getByRole('button', { name: 'Sign out: Unknown browser' }));
    await waitFor(() => expect(screen.getByRole('log')).toHaveTextContent('Signed out there'));
    expect(double.callsTo('DELETE /api/auth/sessions/{id}')[0]?.path).toBe(`/api/auth/sessions/${uuidOf(52)}`);
  });

  test('all others end together', async () => {
    const { user } = open();
    await user.click(await screen.findByRole('button', { name: 'Sign out everywhere else' }));
    await waitFor(() => expect(screen.getByRole('log')).toHaveTextContent('2 other sessions ended'));
  });
});
