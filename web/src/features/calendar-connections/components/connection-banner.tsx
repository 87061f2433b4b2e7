import { lazy, Suspense } from 'react';
import { useConnections } from '../api/list-connections.ts';

// Trouble is rare, and the first screen is paid for by everybody.
const TroubleBanner = lazy(() => import('./trouble-banner.tsx').then((module) => ({ default: module.TroubleBanner })));

/** Says on every screen when Cal.com cannot be reached or needs a person. Booking goes on meanwhile, and it says that too. */
export function ConnectionBanner() {
  const connections = useConnections();
  const states = connections.data?.items.map(({ state }) => state) ?? [];
  const trouble = (['needs_attention', 'unreachable'] as const).find((state) => states.includes(state));
  return <Suspense fallback={null}>{trouble !== undefined && <TroubleBanner trouble={trouble} />}</Suspense>;
}
