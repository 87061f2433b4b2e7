import { useQueryClient } from '@tanstack/react-query';
import { useEffect, useState } from 'react';
import { getCurrentUser } from '../features/session/api/get-current-user.ts';
import { browserEnvironment, followLiveUpdates } from '../lib/live-updates.ts';
import type { LiveEnvironment, LiveState } from '../lib/live-updates.ts';
import { invalidate, keys, staleAfter } from '../lib/query-keys.ts';
import type { Topic } from '../lib/query-keys.ts';

const gatherMs = 120;
const pollMs = 15_000;

/**
 * Keeps what is on the screen true: hints from the gateway mark it stale, and it is read again. Hints that come in a burst are gathered.
 * While hints cannot arrive, everything is read again every 15 seconds. Answers how the connection stands.
 */
export function useLiveUpdates(environment: LiveEnvironment = defaultEnvironment): LiveState {
  const client = useQueryClient();
  const [state, setState] = useState<LiveState>('connecting');

  useEffect(() => {
    const stale = new Set<Topic>();
    let timer: ReturnType<typeof setTimeout> | undefined;
    const flush = () => {
      timer = undefined;
      const topics = [...stale];
      stale.clear();
      void invalidate(client, ...topics);
    };
    const stop = followLiveUpdates(
      {
        onChange: (change) => {
          for (const topic of staleAfter[change.kind]) stale.add(topic);
          timer ??= setTimeout(flush, gatherMs);
        },
        onResync: () => void invalidate(client, ...everything),
        onState: setState,
      },
      environment,
    );
    return () => {
      clearTimeout(timer);
      stop();
    };
  }, [client, environment]);

  useEffect(() => {
    if (state !== 'away') return;
    const timer = setInterval(() => void invalidate(client, ...everything), pollMs);
    return () => clearInterval(timer);
  }, [client, state]);

  return state;
}

const everything = Object.keys(keys).filter((topic): topic is Topic => topic !== 'me');

/** Asking who is signed in renews the session when it has run out; a closed session then shows itself. */
const defaultEnvironment = browserEnvironment(() => getCurrentUser());
