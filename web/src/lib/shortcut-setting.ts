import { useSyncExternalStore } from 'react';

const storageKey = 'daybook.shortcuts';
const listeners = new Set<() => void>();
let onHere: boolean | undefined;

/** Whether single keys do something in this browser; on unless somebody switched them off. */
export function areShortcutsOn(): boolean {
  if (onHere === undefined) {
    try {
      onHere = window.localStorage.getItem(storageKey) !== 'off';
    } catch {
      onHere = true;
    }
  }
  return onHere;
}

/** Switches single-key shortcuts on or off in this browser and remembers it. Ctrl/Cmd+K and keys inside a part stay. */
export function setShortcutsOn(on: boolean): void {
  onHere = on;
  try {
    if (on) window.localStorage.removeItem(storageKey);
    else window.localStorage.setItem(storageKey, 'off');
  } catch {
    // Storage is off: the choice lasts as long as the page.
  }
  for (const listener of listeners) listener();
}

/** Whether single keys do something; follows the switch. */
export function useShortcutsOn(): boolean {
  return useSyncExternalStore((notify) => {
    listeners.add(notify);
    return () => listeners.delete(notify);
  }, areShortcutsOn);
}
