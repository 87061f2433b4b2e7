import { act, screen, waitFor } from '@testing-library/react';
import { keys } from '../lib/query-keys.ts';
import { noteServerAnswer, noteStoredAnswer } from '../lib/offline.ts';
import { makeLiveEnvironment } from '../testing/fake-source.ts';
import { answerRequests } from '../testing/fetch-double.ts';
import { makePractice, provider } from '../testing/fixtures.ts';
import { renderPart } from '../testing/render-app.tsx';
import { LiveNotice } from './live-notice.tsx';

afterEach(() => act(() => noteServerAnswer()));

beforeEach(() =>
  answerRequests({
    'GET /api/practice': () => ({ body: makePractice({ hourCycle: 24 }) }),
    'GET /api/providers': () => ({ body: { items: [provider] } }),
  }),
);

const line = () => screen.getAllByRole('status')[0];

test('a lost connection is said, and said again when it is back', async () => {
  const { environment, sources } = makeLiveEnvironment();
  renderPart(<LiveNotice environment={environment} />);
  expect(line()).toBeEmptyDOMElement();
  act(() => sources[0]?.open());
  act(() => sources[0]?.fail());
  expect(line()).toHaveTextContent(/No live connection/);
  await waitFor(() => expect(sources).toHaveLength(2), { timeout: 4_000 });
  act(() => sources[1]?.open());
  expect(line()).toBeEmptyDOMElement();
  expect(screen.getByRole('log')).toHaveTextContent('Live again');
});

test('offline it says from when what is shown is, in the zone and the hours of the practice', async () => {
  const { environment, sources } = makeLiveEnvironment();
  const { client } = renderPart(<LiveNotice environment={environment} />);
  act(() => sources[0]?.open());
  // An answer means that the server is there.
  await waitFor(() =>
    expect([client.isFetching(), client.getQueryData(keys.practice)]).toEqual([0, expect.anything()]),
  );
  act(() => noteStoredAnswer(Date.parse('2099-06-04T10:00:00Z')));
  await waitFor(() => expect(line()).toHaveTextContent(/^Offline: you see what was known at Thu,? 06:00\./));
  act(() => noteServerAnswer());
  expect(line()).toBeEmptyDOMElement();
});
