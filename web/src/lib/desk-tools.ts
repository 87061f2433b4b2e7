import { useSyncExternalStore } from 'react';

/** A tool that opens over whatever is on the screen. */
export type DeskTool = 'palette' | 'goto' | 'line' | 'sheet';

let open: DeskTool | undefined;
const listeners = new Set<() => void>();

/** Opens a tool; undefined closes the one that is open. */
export function openTool(tool: DeskTool | undefined): void {
  open = tool;
  for (const listener of listeners) listener();
}

/** The tool that is open. */
export function useOpenTool(): DeskTool | undefined {
  return useSyncExternalStore(
    (notify) => {
      listeners.add(notify);
      return () => listeners.delete(notify);
    },
    () => open,
  );
}

const early: KeyboardEvent[] = [];

const keep = (event: KeyboardEvent) => {
  // What is typed into a field is nobody's business.
  if (!(event.target instanceof Element && event.target.matches('input,textarea,select'))) early.push(event);
};
addEventListener('keydown', keep);

/** The keys that were pressed while the tools were on their way, in order; from now on the tools listen themselves. */
export function takeEarlyKeys(): KeyboardEvent[] {
  removeEventListener('keydown', keep);
  return early.splice(0);
}
