import { useSyncExternalStore } from 'react';

let spoken = { text: '', count: 0 };
const listeners = new Set<() => void>();

/** Has a screen reader say a sentence when it is next idle. The same sentence twice is said twice. */
export function announce(text: string): void {
  spoken = { text, count: spoken.count + 1 };
  for (const listener of listeners) listener();
}

/** The live region that speaks what `announce` is given; one per page. */
export function Announcer() {
  const current = useSyncExternalStore(
    (notify) => {
      listeners.add(notify);
      return () => listeners.delete(notify);
    },
    () => spoken,
  );
  return (
    <div aria-live="polite" role="log" className="sr-only">
      <p key={current.count}>{current.text}</p>
    </div>
  );
}
