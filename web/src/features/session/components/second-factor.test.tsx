import { screen, waitFor, within } from '@testing-library/react';
import { answerRequests, refuse } from '../../../testing/fetch-double.ts';
import { owner } from '../../../testing/fixtures.ts';
import { renderPart } from '../../../testing/render-app.tsx';
import { SecondFactorCard } from './second-factor/second-factor-card.tsx';
import { SignInForm } from './sign-in-form.tsx';

const session = { body: { user: owner, accessToken: 'token', expiresAt: '2099-01-01T00:00:00Z' } };
const secret = 'GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ';
const recoveryCodes = Array.from({ length: 10 }, (_, index) => `AAAA-BBBB-CCCC-DDDD-EEEE-000${index}`);

describe('signing in with a code', () => {
  async function reachCode() {
    const signedIn = jest.fn();
    const double = answerRequests({ 'POST /api/auth/login': () => refuse('SECOND_FACTOR_NEEDED') });
    const view = renderPart(<SignInForm onSignedIn={signedIn} />);
    await view.user.type(screen.getByLabelText('Username'), 'owner');
    await view.user.type(screen.getByLabelText('Password'), 'right{Enter}');
    const code = await screen.findByLabelText('Code');
    return { ...view, double, signedIn, code };
  }

  test('a right password leads to the code, which has the focus, and both are sent together', async () => {
    const { user, double, signedIn, code } = await reachCode();
    expect(screen.queryByRole('alert')).not.toBeInTheDocument();
    await waitFor(() => expect(code).toHaveFocus());
    expect(code).toHaveAttribute('autocomplete', 'one-time-code');
    await user.keyboard('{Enter}');
    expect(code).toHaveAccessibleDescription(/Please fill this in/);
    double.answer({ 'POST /api/auth/login': () => session });
    await user.type(code, '123 456{Enter}');
    await waitFor(() => expect(signedIn).toHaveBeenCalledTimes(1));
    expect(double.calls.at(-1)?.body).toEqual({ username: 'owner', password: 'right', code: '123 456' });
  });

  test('a wrong code is said beside the field, which is empty again for the next', async () => {
    const { user, double, code } = await reachCode();
    double.answer({ 'POST /api/auth/login': () => refuse('SECOND_FACTOR_WRONG') });
    await user.type(code, '000000{Enter}');
    await waitFor(() => expect(code).toHaveAccessibleDescription(/The code does not count/));
    expect(code).toHaveValue('');
    double.answer({ 'POST /api/auth/login': () => refuse('TOO_MANY_ATTEMPTS', { retryAfterSeconds: 90 }) });
    await user.type(code, '000000{Enter}');
    expect(await screen.findByRole('alert')).toHaveTextContent('Wait 2 minutes');
  });

  test('a recovery code may be typed instead, and one may go back to the password', async () => {
    const { user, double } = await reachCode();
    await user.click(screen.getByRole('button', { name: 'Use a recovery code' }));
    const field = screen.getByLabelText('Recovery code');
    await waitFor(() => expect(field).toHaveFocus());
    expect(field).not.toHaveAttribute('inputmode');
    await user.type(field, `${recoveryCodes[0]}{Enter}`);
    await waitFor(() => expect(double.calls.at(-1)?.body).toMatchObject({ code: recoveryCodes[0] }));
    await user.click(screen.getByRole('button', { name: 'Sign in as somebody else' }));
    expect(screen.getByLabelText('Password')).toHaveValue('');
  });
});

describe('the card in the settings', () => {
  const on = { on: true, since: '2026-06-01T08:00:00Z', recoveryCodesLeft: 9 };

  function open(answers: Parameters<typeof answerRequests>[0]) {
    const double = answerRequests({
      'GET /api/auth/me': () => ({ body: { user: owner, expiresAt: '2099-01-01T00:00:00Z' } }),
      ...answers,
    });
    return { ...renderPart(<SecondFactorCard />), double };
  }

  test('turns it on: password, key and code, then the recovery codes, which are not left by accident', async () => {
    const { user, double } = open({
      'GET /api/auth/second-factor': () => ({ body: { on: false, recoveryCodesLeft: 0 } }),
      'POST /api/auth/second-factor': () => ({
        body: { secret, uri: `otpauth://totp/Daybook:owner?secret=${secret}` },
      }),
      'POST /api/auth/second-factor/confirmation': () => refuse('SECOND_FACTOR_WRONG'),
    });
    await user.click(await screen.findByRole('button', { name: 'Turn on the second factor' }));
    const dialog = await screen.findByRole('dialog');
    await user.type(within(dialog).getByLabelText('Current password'), 'secret{Enter}');
    expect(await within(dialog).findByRole('img', { name: 'The key as a QR code' })).toBeInTheDocument();
    expect(within(dialog).getByText('GEZD GNBV GY3T QOJQ GEZD GNBV GY3T QOJQ')).toBeInTheDocument();
    await user.type(within(dialog).getByLabelText('Code'), '000000{Enter}');
    await waitFor(() => expect(within(dialog).getByLabelText('Code')).toBeInvalid());
    double.answer({
      'POST /api/auth/second-factor/confirmation': () => ({ body: { recoveryCodes, endedSessions: 2 } }),
      'GET /api/auth/second-factor': () => ({ body: on }),
    });
    await user.type(within(dialog).getByLabelText('Code'), '123456{Enter}');
    const codes = await screen.findByRole('dialog', { name: 'The second factor is on' });
    expect(codes).toHaveAccessibleDescription('2 other sessions ended.');
    expect(within(codes).getAllByRole('listitem')).toHaveLength(10);
    await user.click(within(codes).getByRole('button', { name: 'Done' }));
    expect(within(codes).getByRole('alert')).toHaveTextContent('You have not copied');
    await user.click(within(codes).getByRole('button', { name: 'Copy' }));
    expect(await navigator.clipboard.readText()).toBe(recoveryCodes.join('\n'));
    await waitFor(() => expect(within(codes).queryByRole('alert')).not.toBeInTheDocument());
    await user.click(within(codes).getByRole('button', { name: 'Done' }));
    expect(await screen.findByText(/9 recovery codes are left/)).toBeInTheDocument();
  });

  test('warns when few recovery codes are left and makes new ones by password and code', async () => {
    const { user, double } = open({
      'GET /api/auth/second-factor': () => ({ body: { ...on, recoveryCodesLeft: 1 } }),
      'POST /api/auth/second-factor/recovery-codes': () => ({ body: { recoveryCodes } }),
    });
    expect(await screen.findByText('Make new recovery codes before the last is used.')).toBeInTheDocument();
    await user.click(screen.getByRole('button', { name: 'New recovery codes' }));
    expect(screen.getByLabelText('Current password')).toHaveFocus();
    await user.click(screen.getByRole('button', { name: 'Make new codes' }));
    expect(screen.getByLabelText('Current password')).toBeInvalid();
    await user.type(screen.getByLabelText('Current password'), 'secret');
    await user.type(screen.getByLabelText('Code'), '123456{Enter}');
    expect(await screen.findByRole('list', { name: 'Recovery codes' })).toBeInTheDocument();
    expect(double.callsTo('POST /api/auth/second-factor/recovery-codes')[0]?.body).toEqual({
      currentPassword: 'secret',
      code: '123456',
    });
  });

  test('turns it off; what was wrong is said beside its field', async () => {
    const { user, double } = open({
      'GET /api/auth/second-factor': () => ({ body: on }),
      'POST /api/auth/second-factor/removal': () => refuse('INVALID_CREDENTIALS'),
    });
    await user.click(await screen.findByRole('button', { name: 'Turn off the second factor' }));
    const dialog = await screen.findByRole('dialog');
    await user.type(within(dialog).getByLabelText('Current password'), 'wrong');
    await user.type(within(dialog).getByLabelText('Code'), '123456{Enter}');
    await waitFor(() =>
      expect(within(dialog).getByLabelText('Current password')).toHaveAccessibleDescription(
        'The current password is not right.',
      ),
    );
    double.answer({
      'POST /api/auth/second-factor/removal': () => ({ body: { endedSessions: 0 } }),
      'GET /api/auth/second-factor': () => ({ body: { on: false, recoveryCodesLeft: 0 } }),
    });
    await user.click(within(dialog).getByRole('button', { name: 'Turn off the second factor' }));
    expect(await screen.findByRole('button', { name: 'Turn on the second factor' })).toBeInTheDocument();
    expect(screen.queryByRole('dialog')).not.toBeInTheDocument();
  });
});
