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
