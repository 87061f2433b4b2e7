import { useLayoutEffect, useRef } from 'react';
import type { RefObject } from 'react';

/** The value of the last rendering, for handlers that must not change when it does. */
export function useLatest<Value>(value: Value): RefObject<Value> {
  const latest = useRef(value);
  useLayoutEffect(() => {
    latest.current = value;
  });
  return latest;
}
