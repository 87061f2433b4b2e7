import { useEffect } from 'react';
import type { RefObject } from 'react';

/**
 * Lets the keyboard scroll a day or week in which nothing stands: without an entry there is nothing in it that takes the focus. What
 * scrolls becomes the group of rows itself, since a part that takes the focus may not stand between the group and its rows.
 * @param isBare whether no entry is drawn
 * @param drawn changes with what is drawn
 */
export function useBareScroller(root: RefObject<HTMLElement | null>, isBare: boolean, label: string, drawn: unknown) {
  useEffect(() => {
    if (!isBare) return;
    let undo = (): void => undefined;
    // The grid lays itself out in a frame of its own.
    const frame = requestAnimationFrame(() => {
      const scroller = scrollerOf(root.current);
      const group = scroller?.closest('[role=rowgroup]');
      if (scroller === undefined || group === null || group === undefined || group === scroller) return;
      group.setAttribute('role', 'presentation');
      scroller.setAttribute('role', 'rowgroup');
      scroller.setAttribute('aria-label', label);
      scroller.tabIndex = 0;
      undo = () => {
        group.setAttribute('role', 'rowgroup');
        for (const name of ['role', 'aria-label', 'tabindex']) scroller.removeAttribute(name);
      };
    });
    return () => {
      cancelAnimationFrame(frame);
      undo();
    };
  }, [root, isBare, label, drawn]);
}

/** The part of a day or week that scrolls its hours. */
export function scrollerOf(root: HTMLElement | null): HTMLElement | undefined {
  let part = root?.querySelector<HTMLElement>('[data-time]')?.parentElement ?? null;
  while (part !== null && part !== root && !/auto|scroll/.test(getComputedStyle(part).overflowY))
    part = part.parentElement;
  return part === null || part === root ? undefined : part;
}
