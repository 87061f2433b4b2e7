import { act, screen } from '@testing-library/react';
import { useEffect } from 'react';
import { useNavigate } from 'react-router';
import { renderPart } from '../testing/render-app.tsx';
import { closePanels, openAppointment, openBooking, useOpenPanel } from './open-panels.ts';

let go: ReturnType<typeof useNavigate>;

function Place() {
  const navigate = useNavigate();
  useEffect(() => {
    go = navigate;
  }, [navigate]);
  return <output data-testid="open">{JSON.stringify(useOpenPanel())}</output>;
}

const address = () => screen.getByTestId('address').textContent;
const open = () => JSON.parse(screen.getByTestId('open').textContent) as unknown;
const frames = () => act(() => new Promise((done) => setTimeout(done, 100)));

test('a panel is there at once and the address follows it, without what stood there before', async () => {
  renderPart(<Place />, { at: '/calendar?view=week&move=old' });
  expect(open()).toEqual({ move: 'old' });
  act(() => openAppointment('a1'));
  expect(open()).toEqual({ appointment: 'a1' });
  expect(address()).toBe('/calendar?view=week&move=old');
  await frames();
  expect(address()).toBe('/calendar?view=week&appointment=a1');
  expect(open()).toEqual({ appointment: 'a1' });
  act(() => closePanels());
  expect(open()).toEqual({});
  await frames();
  expect(address()).toBe('/calendar?view=week');
});

test('what is asked for last is what stands in the address', async () => {
  renderPart(<Place />);
  act(() => {
    openAppointment('a1');
    openBooking('2026-12-01T09:00:00Z', 45, undefined, 'p2');
  });
  await frames();
  expect(new URLSearchParams(window.location.search).toString()).toBe(
    'book=2026-12-01T09%3A00%3A00Z&minutes=45&with=p2',
  );
});

test('whoever goes elsewhere before the address followed is not led back', async () => {
  renderPart(<Place />);
  await act(async () => {
    openAppointment('a1');
    await go('/customers');
  });
  expect(open()).toEqual({});
  await frames();
  expect(address()).toBe('/customers');
});

test('the back button closes what was opened', async () => {
  renderPart(<Place />, { at: '/today' });
  act(() => openAppointment('a1'));
  await frames();
  act(() => window.history.back());
  await frames();
  expect(address()).toBe('/today');
  expect(open()).toEqual({});
});
