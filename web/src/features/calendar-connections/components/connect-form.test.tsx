import { screen, waitFor } from '@testing-library/react';
import { loadDeskTexts, speak } from '../../../i18n/setup.ts';
import { answerRequests, refuse } from '../../../testing/fetch-double.ts';
import { makeConnection } from '../../../testing/fixtures.ts';
import { renderPart } from '../../../testing/render-app.tsx';
import { ConnectForm } from './connect-form.tsx';
import { TestSteps } from './test-steps.tsx';

const list = { 'GET /api/calendar-connections': () => ({ body: { items: [makeConnection()] } }) };

test('a test says step by step what was found, and keeps nothing', async () => {
  const double = answerRequests({
    ...list,
    'POST /api/calendar-connections/test': () => ({
      body: {
        passed: false,
        steps: [
          { step: 'reachable' as const, passed: true, message: 'It answers.' },
          { step: 'key' as const, passed: false, message: 'Cal.com does not know this key. Copy it again.' },
        ],
      },
    }),
  });
  const { user } = renderPart(<ConnectForm connection={undefined} onSaved={() => undefined} />);
  await user.type(screen.getByLabelText('API key'), 'cal_wrong');
  await user.click(screen.getByRole('button', { name: 'Test the connection' }));
  expect(await screen.findByText('Cal.com does not know this key. Copy it again.')).toBeInTheDocument();
  expect(screen.getByText(/The key is accepted/)).toHaveTextContent('The key is accepted: failed');
  expect(double.calls.map(({ method, path }) => `${method} ${path}`)).toEqual(['POST /api/calendar-connections/test']);
  expect(double.calls[0]?.body).toEqual({ baseUrl: 'https://api.cal.com/v2', apiKey: 'cal_wrong' });
});

test('made-up addresses are the choice until somebody chooses otherwise, and what follows stands in words', async () => {
  const onSaved = jest.fn();
  const double = answerRequests({
    ...list,
    'PUT /api/calendar-connections': () => ({ body: makeConnection({ state: 'paused' }) }),
  });
  const { user } = renderPart(<ConnectForm connection={undefined} onSaved={onSaved} />);
  expect(screen.getByRole('radio', { name: 'A made-up one' })).toBeChecked();
  expect(screen.getByRole('radio', { name: 'The real one' })).toHaveAccessibleDescription(
    /Customers get Cal.com’s own mail/,
  );
  await user.type(screen.getByLabelText('API key'), 'cal_right');
  await user.click(screen.getByRole('button', { name: 'Save' }));
  await waitFor(() => expect(onSaved).toHaveBeenCalled());
  expect(double.callsTo('PUT /api/calendar-connections')[0]?.body).toEqual({
    baseUrl: 'https://api.cal.com/v2',
    apiKey: 'cal_right',
    attendeeAddresses: 'placeholder',
  });
});

test('a stored key may stay for its own address, and must be given anew for another', async () => {
  const double = answerRequests({ ...list, 'PUT /api/calendar-connections': () => ({ body: makeConnection() }) });
  const { user } = renderPart(<ConnectForm connection={makeConnection()} onSaved={() => undefined} />);
  const address = screen.getByLabelText('Address of the API');
  await user.clear(address);
  await user.type(address, 'https://cal.example.org/v2');
  await user.click(screen.getByRole('button', { name: 'Save' }));
  expect(await screen.findByText('Please fill this in.')).toBeInTheDocument();
  expect(double.calls).toEqual([]);
  await user.clear(address);
  await user.type(address, 'https://api.cal.com/v2');
  await user.click(screen.getByRole('button', { name: 'Save' }));
  await waitFor(() => expect(double.callsTo('PUT /api/calendar-connections')).toHaveLength(1));
  expect(double.callsTo('PUT /api/calendar-connections')[0]?.body).not.toHaveProperty('apiKey');
});

test('a save that does not pass the test shows its steps', async () => {
  answerRequests({
    ...list,
    'PUT /api/calendar-connections': () =>
      refuse('CONNECTION_TEST_FAILED', {
        steps: [{ step: 'tls', passed: false, message: 'The certificate is for another name.' }],
      }),
  });
  const { user } = renderPart(<ConnectForm connection={undefined} onSaved={() => undefined} />);
  await user.type(screen.getByLabelText('API key'), 'cal_right');
  await user.click(screen.getByRole('button', { name: 'Save' }));
  expect(await screen.findByText('The certificate is for another name.')).toBeInTheDocument();
});

test('a reader of French is told in French what to do, and the server’s own words are marked as English', async () => {
  await Promise.all([speak('fr'), loadDeskTexts('fr')]);
  try {
    const view = renderPart(
      <TestSteps
        test={{
          passed: false,
          steps: [
            { step: 'reachable', passed: true, message: 'The server answers.' },
            { step: 'key', passed: false, message: 'The API key has expired.' },
          ],
        }}
      />,
    );
    expect(screen.getByText(/Créez une nouvelle clé/)).toBeInTheDocument();
    expect(screen.getByText('The API key has expired.')).toHaveAttribute('lang', 'en');
    expect(screen.queryByText('The server answers.')).not.toBeInTheDocument();
    view.unmount();
  } finally {
    await speak('en');
  }
});
