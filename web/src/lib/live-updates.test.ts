import { followLiveUpdates } from './live-updates.ts';
import type { LiveEnvironment, LiveListener } from './live-updates.ts';
import type { FakeSource } from '../testing/fake-source.ts';
import { makeLiveEnvironment } from '../testing/fake-source.ts';

function listen(environment: LiveEnvironment) {
  const heard: string[] = [];
  const listener: LiveListener = {
    onChange: (change) => heard.push(change.kind),
    onResync: () => heard.push('resync'),
    onState: (state) => heard.push(state),
  };
  return { heard, stop: followLiveUpdates(listener, environment) };
}

beforeEach(() => jest.useFakeTimers());
afterEach(() => jest.useRealTimers());

test('changes are passed on; what cannot be read means: read everything again', () => {
  const { environment, sources } = makeLiveEnvironment();
  const { heard, stop } = listen(environment);
  sources[0]?.open();
  sources[0]?.send('change', '{"kind":"appointment"}');
  sources[0]?.send('change', '{"kind":"weather"}');
  sources[0]?.send('resync', '');
  stop();
  expect(heard).toEqual(['open', 'appointment', 'resync', 'resync']);
});

test('a lost stream is said, opened again after the session was looked at, and followed by a resync', async () => {
  const { environment, sources } = makeLiveEnvironment();
  const { heard, stop } = listen(environment);
  sources[0]?.open();
  sources[0]?.fail();
  expect(heard).toEqual(['open', 'away']);
  await jest.advanceTimersByTimeAsync(2_000);
  expect(environment.beforeReconnect).toHaveBeenCalledTimes(1);
  sources[1]?.open();
  expect(heard).toEqual(['open', 'away', 'open', 'resync']);
  stop();
  expect(sources[1]?.closed).toBe(true);
});

test('a goodbye is no loss: the stream is opened again without a word', async () => {
  const { environment, sources } = makeLiveEnvironment();
  const { heard, stop } = listen(environment);
  sources[0]?.open();
  sources[0]?.send('goodbye', '');
  await jest.advanceTimersByTimeAsync(2_000);
  expect(heard).toEqual(['open']);
  expect(sources).toHaveLength(2);
  stop();
});

test('of two tabs one keeps the connection and the other hears through it; when it closes the other takes over', async () => {
  const { environment, sources } = makeLiveEnvironment({ shared: true });
  const first = listen(environment);
  const second = listen(environment);
  await jest.advanceTimersByTimeAsync(0);
  expect(sources).toHaveLength(1);
  sources[0]?.open();
  sources[0]?.send('change', '{"kind":"block"}');
  expect(second.heard).toEqual(['open', 'block']);
  first.stop();
  await jest.advanceTimersByTimeAsync(0);
  expect(sources).toHaveLength(2);
  sources[1]?.send('change', '{"kind":"sync"}');
  expect(second.heard).toContain('sync');
  expect(first.heard).not.toContain('sync');
  second.stop();
});

test('no source is left open after stopping', async () => {
  const { environment, sources } = makeLiveEnvironment();
  const { stop } = listen(environment);
  sources[0]?.fail();
  stop();
  await jest.advanceTimersByTimeAsync(60_000);
  expect(sources).toHaveLength(1);
  expect(sources.every((source: FakeSource) => source.closed)).toBe(true);
});
