import { useQuery } from '@tanstack/react-query';
import { act, screen, waitFor } from '@testing-library/react';
import { keys } from '../lib/query-keys.ts';
import { makeLiveEnvironment } from '../testing/fake-source.ts';
import { renderPart } from '../testing/render-app.tsx';
import { useLiveUpdates } from './use-live-updates.ts';

test('a hint makes exactly what depends on it be read again', async () => {
  const reads = { appointments: 0, availability: 0, connections: 0 };
  const { environment, sources } = makeLiveEnvironment();
  function Screen() {
    const state = useLiveUpdates(environment);
    useQuery({ queryKey: [...keys.appointments, 'x'], queryFn: () => ++reads.appointments });
    useQuery({ queryKey: [...keys.availability, 'x'], queryFn: () => ++reads.availability });
    useQuery({ queryKey: [...keys.connections, 'x'], queryFn: () => ++reads.connections });
    return <p>{state}</p>;
  }
  renderPart(<Screen />);
  await waitFor(() => expect(reads).toEqual({ appointments: 1, availability: 1, connections: 1 }));
  act(() => sources[0]?.open());
  expect(screen.getByText('open')).toBeInTheDocument();

  act(() => {
    sources[0]?.send('change', '{"kind":"appointment"}');
    sources[0]?.send('change', '{"kind":"appointment"}');
  });
  await waitFor(() => expect(reads).toEqual({ appointments: 2, availability: 2, connections: 1 }));

  act(() => sources[0]?.send('change', '{"kind":"sync"}'));
  await waitFor(() => expect(reads).toEqual({ appointments: 3, availability: 2, connections: 2 }));

  act(() => sources[0]?.send('resync', ''));
  await waitFor(() => expect(reads).toEqual({ appointments: 4, availability: 3, connections: 3 }));
});
