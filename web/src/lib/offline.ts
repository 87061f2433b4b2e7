import { useSyncExternalStore } from 'react';

let readAt: number | undefined;
const listeners = new Set<() => void>();

/** Notes that an answer came from this browser's own store because the server could not be reached; `at` is when it was true. */
export function noteStoredAnswer(at: number): void {
  change(readAt === undefined ? at : Math.min(readAt, at));
}

/** Notes that the server answers. */
export function noteServerAnswer(): void {
  if (readAt !== undefined) change(undefined);
}

/** Since when what is on the screen may be out of date, in epoch milliseconds; undefined while the server answers. */
export function useOffline(): number | undefined {
  return useSyncExternalStore(
    (notify) => {
      listeners.add(notify);
      return () => listeners.delete(notify);
    },
    () => readAt,
  );
}

function change(next: number | undefined): void {
  readAt = next;
  for (const listener of listeners) listener();
}

/** Has this browser keep the app and the days looked at last, to be read when the server cannot be reached. */
export function keepForOffline(): void {
  if (!('serviceWorker' in navigator)) return;
  const keepLoaded = async () => {
    await navigator.serviceWorker.register('/offline-worker.js');
    const { active } = await navigator.serviceWorker.ready;
    const keep = performance
      .getEntriesByType('resource')
      .map(({ name }) => name)
      .filter((name) => name.includes('/assets/'));
    active?.postMessage({ keep });
  };
  // Without it the app works all the same, only not offline.
  keepLoaded().catch(() => undefined);
}
