import { lazy, Suspense, useSyncExternalStore } from 'react';
import { toastPlace } from './toast.ts';

const Toaster = lazy(() => import('./toaster.tsx').then((module) => ({ default: module.Toaster })));

/** Where toasts appear; empty until there is one. */
export function ToastPlace(props: { label: string }) {
  const wanted = useSyncExternalStore(toastPlace.subscribe, toastPlace.isWanted);
  return <Suspense fallback={null}>{wanted && <Toaster label={props.label} />}</Suspense>;
}
