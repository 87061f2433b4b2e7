import { setUpTexts } from '../i18n/setup.ts';
import { toastPlace } from '../ui/toast.ts';
import { offerUndo, undoLatest } from './undo.ts';

beforeAll(setUpTexts);
beforeEach(() => jest.useFakeTimers());
afterEach(() => {
  jest.advanceTimersByTime(60_000);
  jest.useRealTimers();
});

const offer = () => {
  const undo = jest.fn(() => Promise.resolve());
  offerUndo({ title: 'Moved Ann', undo });
  return undo;
};

test('the last change is taken back, once', () => {
  const first = offer();
  const second = offer();
  expect(undoLatest()).toBe(true);
  expect(second).toHaveBeenCalledTimes(1);
  expect(first).not.toHaveBeenCalled();
  expect(undoLatest()).toBe(true);
  expect(first).toHaveBeenCalledTimes(1);
  expect(undoLatest()).toBe(false);
});

test('after ten seconds the offer is gone', () => {
  const undo = offer();
  jest.advanceTimersByTime(9_900);
  jest.advanceTimersByTime(200);
  expect(undoLatest()).toBe(false);
  expect(undo).not.toHaveBeenCalled();
});

test('while pointer or focus is on the toasts the time stands still', () => {
  const undo = offer();
  jest.advanceTimersByTime(6_000);
  toastPlace.hold('pointer');
  jest.advanceTimersByTime(60_000);
  toastPlace.release('pointer');
  jest.advanceTimersByTime(3_500);
  expect(undoLatest()).toBe(true);
  expect(undo).toHaveBeenCalledTimes(1);
});

test('what cannot be taken back is said and offered no more', async () => {
  offerUndo({ title: 'Moved Ann', undo: () => Promise.reject(new Error('gone')) });
  expect(undoLatest()).toBe(true);
  await Promise.resolve();
  expect(undoLatest()).toBe(false);
});
