import { act, fireEvent, screen, waitFor } from '@testing-library/react';
import { renderPart } from '../testing/render-app.tsx';
import { offerUndo } from '../lib/undo.ts';
import { showToast } from './toast.ts';
import { ToastPlace } from './toast-place.tsx';

beforeEach(() => jest.useFakeTimers({ doNotFake: ['queueMicrotask'] }));
afterEach(async () => {
  // Toasts are one for the whole page: none may be left to the next test.
  await pass(60_000);
  jest.useRealTimers();
});

const pass = (milliseconds: number) => act(() => jest.advanceTimersByTimeAsync(milliseconds));

/** Shows a toast and waits until it is drawn. */
async function show(title: string) {
  const gone = jest.fn();
  const run = jest.fn();
  act(() => void showToast({ title, action: { label: 'Undo', key: 'Z', run }, onGone: gone }));
  const text = await waitFor(() => screen.getByText(title));
  return { text, gone, run };
}

test('a toast stays ten seconds, then goes and says so once', async () => {
  renderPart(<ToastPlace label="Notices" />);
  const { gone } = await show('Moved Ann');
  await pass(9_000);
  expect(gone).not.toHaveBeenCalled();
  await pass(1_500);
  expect(gone).toHaveBeenCalledTimes(1);
});

test('the time stands still under the pointer and goes on where it stood', async () => {
  renderPart(<ToastPlace label="Notices" />);
  const { text, gone } = await show('Moved Bo');
  await pass(8_000);
  fireEvent.pointerMove(text);
  await pass(60_000);
  expect(gone).not.toHaveBeenCalled();
  fireEvent.pointerOut(text, { relatedTarget: document.body });
  await pass(1_500);
  expect(gone).not.toHaveBeenCalled();
  await pass(1_500);
  expect(gone).toHaveBeenCalledTimes(1);
});

test('the time stands still while the focus is there, also when the pointer leaves meanwhile', async () => {
  renderPart(<ToastPlace label="Notices" />);
  const { text, gone } = await show('Moved Cy');
  const undo = screen.getByRole('button', { name: 'Undo (Z)' });
  act(() => undo.focus());
  fireEvent.pointerMove(text);
  fireEvent.pointerOut(text, { relatedTarget: document.body });
  await pass(60_000);
  expect(gone).not.toHaveBeenCalled();
  act(() => undo.blur());
  await pass(10_500);
  expect(gone).toHaveBeenCalledTimes(1);
});

test('what is undone under the hand does not hold the notice that follows', async () => {
  renderPart(<ToastPlace label="Notices" />);
  const undo = jest.fn(() => Promise.resolve());
  act(() => offerUndo({ title: 'Cancelled Dora', undo }));
  const button = await waitFor(() => screen.getByRole('button', { name: 'Undo (Z)' }));
  fireEvent.pointerMove(button);
  act(() => button.focus());
  fireEvent.click(button);
  await waitFor(() => expect(screen.getByText('Taken back')).toBeInTheDocument());
  expect(undo).toHaveBeenCalledTimes(1);
  await pass(11_000);
  await waitFor(() => expect(screen.queryByText('Taken back')).not.toBeInTheDocument());
});

test('what was done and how to take it back is announced; Alt+T leads to the notices', async () => {
  renderPart(<ToastPlace label="Notices" />);
  act(() => offerUndo({ title: 'Moved Eve to Thursday', undo: () => Promise.resolve() }));
  await waitFor(() => screen.getByText('Moved Eve to Thursday'));
  await pass(500);
  expect(screen.getByRole('log')).toHaveTextContent('Moved Eve to Thursday. Press Z to undo.');
  fireEvent.keyDown(document, { key: 't', code: 'KeyT', altKey: true });
  expect(screen.getByRole('region', { name: /^Notices/ })).toContainElement(document.activeElement as HTMLElement);
});
