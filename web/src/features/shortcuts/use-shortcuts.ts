import { useEffect } from 'react';
import { takeEarlyKeys } from '../../lib/desk-tools.ts';
import { areShortcutsOn } from '../../lib/shortcut-setting.ts';
import { useLatest } from '../../lib/use-latest.ts';

/** A single key and what it does; undefined when it does nothing here, so that the browser may. */
export type Shortcuts = Readonly<Record<string, (() => void) | undefined>>;

/** A key that was pressed longer ago, before anything listened, is no longer meant. */
const meantMs = 5_000;

/**
 * Follows single keys anywhere in the app, but never in a field or while a dialog is open, and not at all when they are switched off.
 * Ctrl+K and Cmd+K always open the palette. `isPaused`: something is about to open that will take the letters.
 */
export function useShortcuts(shortcuts: Shortcuts, isPaused: boolean, openPalette: () => void): void {
  const latest = useLatest({ shortcuts, isPaused, openPalette });
  useEffect(() => {
    const onKey = (event: KeyboardEvent) => {
      if (event.defaultPrevented || event.isComposing) return;
      if ((event.ctrlKey || event.metaKey) && !event.altKey && event.key.toLowerCase() === 'k') {
        event.preventDefault();
        latest.current.openPalette();
        return;
      }
      if (event.ctrlKey || event.metaKey || event.altKey || !areShortcutsOn()) return;
      if (
        latest.current.isPaused ||
        isTyping(event.target) ||
        document.querySelector('[role=dialog], [role=alertdialog]') !== null
      )
        return;
      if (event.key.startsWith('Arrow') && !isOnNothing(event.target)) return;
      const act = latest.current.shortcuts[event.key.length === 1 ? event.key.toLowerCase() : event.key];
      if (act === undefined) return;
      event.preventDefault();
      act();
    };
    document.addEventListener('keydown', onKey);
    // One after the other, as they were pressed: what the first opens is open before the second counts.
    for (const event of takeEarlyKeys()) if (performance.now() - event.timeStamp < meantMs) setTimeout(onKey, 0, event);
    return () => document.removeEventListener('keydown', onKey);
  }, [latest]);
}

function isTyping(target: EventTarget | null): boolean {
  return (
    target instanceof Element && target.matches('input, textarea, select, [contenteditable=true], [role=combobox]')
  );
}

/** Arrows belong to whatever has the focus; only when nothing has are they shortcuts. */
function isOnNothing(target: EventTarget | null): boolean {
  return target === document.body || (target instanceof Element && target.matches('h1, main'));
}
