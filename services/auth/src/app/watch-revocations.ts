import type { Revocation, RevocationFeed } from './revocation-feed.ts';

/** One message of the stream; `snapshot` replaces what was known. */
export type RevocationMessage = { snapshot: boolean; revocations: readonly Revocation[] };

/** After this long without news the stream gives a sign of life, in milliseconds; readings come each second. */
const signOfLifeMs = 2_000;

/**
 * Follows the revocations: first all that matter now, then each new one as it is known, and signs of life in between.
 * A sign of life is sent only after a reading of the database that succeeded, so that a watcher never takes a replica
 * that has lost its database for one with nothing to tell.
 */
export function watchRevocations(deps: {
  feed: RevocationFeed;
}): (signal: AbortSignal) => AsyncGenerator<RevocationMessage, void, void> {
  return async function* (signal) {
    let pending: Revocation[] = [];
    let hasRead = false;
    let wake: () => void = () => undefined;
    const stop = () => wake();
    const unsubscribe = deps.feed.subscribe((fresh) => {
      pending.push(...fresh);
      hasRead = true;
      wake();
    });
    signal.addEventListener('abort', stop);
    try {
      await deps.feed.read();
      pending = [];
      yield { snapshot: true, revocations: deps.feed.current() };
      let sentAt = performance.now();
      while (!signal.aborted) {
        if (pending.length > 0 || (hasRead && performance.now() - sentAt >= signOfLifeMs)) {
          const revocations = pending;
          pending = [];
          sentAt = performance.now();
          yield { snapshot: false, revocations };
        }
        hasRead = false;
        if (pending.length === 0 && !signal.aborted) await new Promise<void>((resolve) => (wake = resolve));
      }
    } finally {
      unsubscribe();
      signal.removeEventListener('abort', stop);
    }
  };
}
