import { useQueryClient } from '@tanstack/react-query';
import type { QueryClient } from '@tanstack/react-query';
import { useEffect, useState } from 'react';
import { getCurrentUser } from '../features/session/api/get-current-user.ts';
import { findAppointment } from '../lib/appointments-cache.ts';
import { browserEnvironment, followLiveUpdates } from '../lib/live-updates.ts';
import type { LiveEnvironment, LiveState } from '../lib/live-updates.ts';
import { flash } from '../lib/recent-changes.ts';
import { invalidate, keys, staleAfter } from '../lib/query-keys.ts';
import type { Topic } from '../lib/query-keys.ts';

const gatherMs = 120;
const pollMs = 15_000;
/** About what reading again takes: what lights up should already show the change. */
const readMs = 250;

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
          if (change.kind === 'appointment' && change.id !== undefined && isNews(client, change.id, change.version)) {
            const { id } = change;
            setTimeout(() => flash(id), gatherMs + readMs);
          }
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

/** Whether a change was made elsewhere: not by what this page has just sent, and not shown by it already. */
function isNews(client: QueryClient, id: string, version: number | undefined): boolean {
  const own = client.getMutationCache().getAll();
  if (own.some(({ state }) => state.status === 'pending' || concerns(state.data, id))) {
    const known = findAppointment(client, id);
    if (known === undefined || version === undefined || known.version >= version) return false;
  }
  const known = findAppointment(client, id);
  return known === undefined || version === undefined || known.version < version;
}

function concerns(answer: unknown, id: string): boolean {
  return typeof answer === 'object' && answer !== null && 'id' in answer && answer.id === id;
}

const everything = Object.keys(keys).filter((topic): topic is Topic => topic !== 'me');

/** Asking who is signed in renews the session when it has run out; a closed session then shows itself. */
const defaultEnvironment = browserEnvironment(() => getCurrentUser());
