import { act, fireEvent, screen, waitFor } from '@testing-library/react';
import { useNavigate } from 'react-router';
import { renderPart } from '../testing/render-app.tsx';
import { useAddressFilter } from './use-address-filter.ts';

function Screen() {
  const navigate = useNavigate();
  const { filter, change, settle } = useAddressFilter({ q: '', status: 'all' });
  return (
    <>
      <input aria-label="Words" value={filter.q} onChange={(e) => change({ q: e.target.value })} onBlur={settle} />
      <output data-testid="status">{filter.status}</output>
      <button onClick={() => void navigate('/elsewhere')}>Go on</button>
    </>
  );
}

const words = () => screen.getByLabelText('Words');
const address = () => screen.getByTestId('address').textContent;
const rest = () => act(() => new Promise((resolve) => setTimeout(resolve, 400)));

test('the field has every letter at once; the address has them when the hand rests, beside what else stands in it', async () => {
  renderPart(<Screen />, { at: '/list?status=cancelled&appointment=7' });
  expect(screen.getByTestId('status')).toHaveTextContent('cancelled');
  for (const text of ['a', 'an', 'ann']) {
    fireEvent.change(words(), { target: { value: text } });
    expect(words()).toHaveValue(text);
  }
  expect(address()).toBe('/list?status=cancelled&appointment=7');
  await waitFor(() => expect(address()).toBe('/list?status=cancelled&appointment=7&q=ann'));
  fireEvent.change(words(), { target: { value: '' } });
  await waitFor(() => expect(address()).toBe('/list?status=cancelled&appointment=7'));
});

test('leaving the field writes at once, and whoever has gone on is not brought back', async () => {
  const { user } = renderPart(<Screen />, { at: '/list' });
  fireEvent.change(words(), { target: { value: 'ann' } });
  fireEvent.blur(words());
  await waitFor(() => expect(address()).toBe('/list?q=ann'));
  fireEvent.change(words(), { target: { value: 'anne' } });
  await user.click(screen.getByRole('button', { name: 'Go on' }));
  await rest();
  expect(address()).toBe('/elsewhere');
});

test('an address that changes by itself changes the field', async () => {
  const { user } = renderPart(<Screen />, { at: '/list' });
  fireEvent.change(words(), { target: { value: 'ann' } });
  await rest();
  expect(address()).toBe('/list?q=ann');
  act(() => window.history.pushState(null, '', '/list?q=bo&status=completed'));
  fireEvent.popState(window);
  await waitFor(() => expect(words()).toHaveValue('bo'));
  expect(screen.getByTestId('status')).toHaveTextContent('completed');
  await user.type(words(), 'b');
  await waitFor(() => expect(address()).toBe('/list?q=bob&status=completed'));
});
