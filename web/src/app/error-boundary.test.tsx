import { screen } from '@testing-library/react';
import { useState } from 'react';
import { renderPart } from '../testing/render-app.tsx';
import { ErrorBoundary } from './error-boundary.tsx';

/** A screen that fails for as long as it is told to. */
const health = { fails: true, words: '' };
function Screen() {
  if (health.fails) throw new TypeError(health.words);
  return <p>The screen</p>;
}

function App(props: { reload?: () => void }) {
  const [place, setPlace] = useState('/one');
  return (
    <>
      <button onClick={() => setPlace('/two')}>Go on</button>
      <ErrorBoundary resetKey={place} {...props}>
        <Screen />
      </ErrorBoundary>
      <ErrorBoundary resetKey={place}>
        <p>The rest</p>
      </ErrorBoundary>
    </>
  );
}

let complaints: jest.SpyInstance;
beforeEach(() => {
  health.fails = true;
  health.words = 'drawn wrongly';
  // React tells the console of what was caught.
  complaints = jest.spyOn(console, 'error').mockImplementation(() => undefined);
});
afterEach(() => complaints.mockRestore());

test('a failing screen says so, the rest lives, and trying again shows it', async () => {
  const { user } = renderPart(<App />);
  expect(screen.getByRole('alert')).toHaveTextContent('This screen failed');
  expect(screen.getByText('The rest')).toBeInTheDocument();
  health.fails = false;
  await user.click(screen.getByRole('button', { name: 'Try again' }));
  expect(screen.getByText('The screen')).toBeInTheDocument();
});

test('another address begins anew', async () => {
  const { user } = renderPart(<App />);
  health.fails = false;
  await user.click(screen.getByRole('button', { name: 'Go on' }));
  expect(screen.getByText('The screen')).toBeInTheDocument();
});

test.each([
  'Failed to fetch dynamically imported module: https://book.example/assets/customers-1.js',
  'error loading dynamically imported module: https://book.example/assets/customers-1.js',
  'Importing a module script failed.',
  'Unable to preload CSS for /assets/calendar-1.css',
])('a part that did not come is asked for by loading the page anew: %s', async (words) => {
  health.words = words;
  const reload = jest.fn();
  const { user } = renderPart(<App reload={reload} />);
  expect(screen.getByRole('alert')).toHaveTextContent(/Daybook cannot be reached/);
  await user.click(screen.getByRole('button', { name: 'Try again' }));
  expect(reload).toHaveBeenCalledTimes(1);
});
