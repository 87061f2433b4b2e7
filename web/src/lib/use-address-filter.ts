import { useEffect, useRef, useState } from 'react';
import { useLocation, useNavigate } from 'react-router';
import { useLatest } from './use-latest.ts';

const restMs = 250;

/**
 * What a screen is narrowed to, as the fields show it and as the address keeps it. The fields have it at once: an address is drawn later
 * than a quick hand types, and a field that waited for it would lose letters. The address follows when the hand rests, or on `settle`,
 * but never once the reader has gone on to another screen, which would bring them back. When the address changes by itself, as by the
 * back button, the fields follow.
 * @param usual the values that need not stand in the address, by parameter
 */
export function useAddressFilter<Name extends string>(usual: Readonly<Record<Name, string>>) {
  const { search } = useLocation();
  const navigate = useNavigate();
  const [filter, setFilter] = useState(() => readFilter(search, usual));
  const latest = useLatest({ usual, navigate });
  const own = useRef({
    place: window.location.pathname,
    typed: filter,
    written: filter,
    timer: undefined as ReturnType<typeof setTimeout> | undefined,
  });

  const settle = () => {
    const { place, timer, typed } = own.current;
    clearTimeout(timer);
    own.current.timer = undefined;
    if (timer === undefined || window.location.pathname !== place) return;
    own.current.written = typed;
    const after = new URLSearchParams(window.location.search);
    for (const [name, value] of Object.entries<string>(typed)) {
      if (value === latest.current.usual[name as Name]) after.delete(name);
      else after.set(name, value);
    }
    const text = after.toString();
    void latest.current.navigate({ search: text === '' ? '' : `?${text}` }, { replace: true });
  };

  const change = (next: Partial<Record<Name, string>>) => {
    own.current.typed = { ...own.current.typed, ...next };
    setFilter(own.current.typed);
    clearTimeout(own.current.timer);
    own.current.timer = setTimeout(settle, restMs);
  };

  useEffect(() => {
    // The true address, not the one drawn: that may still be on its way to what was written here.
    const there = readFilter(window.location.search, latest.current.usual);
    const { place, written } = own.current;
    if (window.location.pathname !== place || isSame(there, written)) return;
    clearTimeout(own.current.timer);
    own.current = { place, typed: there, written: there, timer: undefined };
    setFilter(there);
  }, [search, latest]);
  useEffect(() => () => clearTimeout(own.current.timer), []);

  return { filter, change, settle };
}

function readFilter<Name extends string>(
  search: string,
  usual: Readonly<Record<Name, string>>,
): Readonly<Record<Name, string>> {
  const parameters = new URLSearchParams(search);
  const entries = Object.entries<string>(usual).map(([name, value]) => [name, parameters.get(name) ?? value]);
  return Object.fromEntries(entries) as Record<Name, string>;
}

function isSame(one: Readonly<Record<string, string>>, other: Readonly<Record<string, string>>): boolean {
  return Object.entries(one).every(([name, value]) => other[name] === value);
}
