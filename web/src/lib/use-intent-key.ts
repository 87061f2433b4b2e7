import { useCallback, useRef } from 'react';

/**
 * One idempotency key per intent: the same body keeps its key, so a repeat after a lost answer books once; a changed body is a new
 * intent and gets a new key.
 */
export function useIntentKey(): (body: unknown) => string {
  const last = useRef<{ text: string; key: string } | undefined>(undefined);
  return useCallback((body: unknown) => {
    const text = JSON.stringify(body);
    if (last.current?.text !== text) last.current = { text, key: crypto.randomUUID() };
    return last.current.key;
  }, []);
}
