import { useSyncExternalStore } from 'react';

const flashMs = 2_400;
let flashing: ReadonlySet<string> = new Set();
const listeners = new Set<() => void>();

/** Has whatever shows this id light up once, because somebody else changed it. */
export function flash(id: string): void {
  change((ids) => ids.add(id));
  setTimeout(() => change((ids) => ids.delete(id)), flashMs);
}

/** Ids that light up now. */
export function useFlashing(): ReadonlySet<string> {
  return useSyncExternalStore(
    (notify) => {
      listeners.add(notify);
      return () => listeners.delete(notify);
    },
    () => flashing,
  );
}

function change(edit: (ids: Set<string>) => void): void {
  const next = new Set(flashing);
  edit(next);
  flashing = next;
  for (const listener of listeners) listener();
}
