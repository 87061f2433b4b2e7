import { useEffect, useRef } from 'react';

/** What the screen on show can be told to do by a key or by the palette. */
export type ScreenCommand = 'previous-period' | 'next-period' | 'previous-entry' | 'next-entry' | 'print';

const takers = new Map<ScreenCommand, (() => void)[]>();

/** While it is rendered, a part carries this command out; the part rendered last wins. */
export function useScreenCommand(command: ScreenCommand, run: () => void): void {
  const latest = useRef(run);
  useEffect(() => {
    latest.current = run;
  });
  useEffect(() => {
    const take = () => latest.current();
    takers.set(command, [...(takers.get(command) ?? []), take]);
    return () => {
      takers.set(
        command,
        (takers.get(command) ?? []).filter((other) => other !== take),
      );
    };
  }, [command]);
}

/** Has the screen carry a command out. Answers whether it knows it. */
export function runScreenCommand(command: ScreenCommand): boolean {
  const take = takers.get(command)?.at(-1);
  take?.();
  return take !== undefined;
}
