import { QueryClient, QueryClientProvider } from '@tanstack/react-query';
import { useEffect, useState } from 'react';
import type { ReactNode } from 'react';
import { onSessionEnd } from '../lib/http.ts';
import { ProblemError } from '../lib/problem.ts';
import { keys } from '../lib/query-keys.ts';
import { Announcer } from '../ui/announcer.tsx';
import { ErrorBoundary } from './error-boundary.tsx';

/** The cache of what was read. A refusal is an answer and is not asked for again; a lost answer is, three times. */
export function createQueryClient(): QueryClient {
  return new QueryClient({
    defaultOptions: {
      queries: {
        staleTime: 10_000,
        retry: (failures, error) => isWorthRepeating(error) && failures < 3,
        refetchOnWindowFocus: true,
        // What the browser says of the network is a guess, and without one the kept answers are given.
        networkMode: 'always',
      },
      mutations: {
        // Changes carry an idempotency key or a version, so a repeat does nothing twice.
        retry: (failures, error) => isWorthRepeating(error) && failures < 2,
        networkMode: 'always',
      },
    },
  });
}

/** What everything in the app stands on: the cache, the end of the session, the voice for screen readers. */
export function Providers(props: { client?: QueryClient; children: ReactNode }) {
  const [client] = useState(() => props.client ?? createQueryClient());
  useEffect(() => onSessionEnd(() => client.setQueryData(keys.me, null)), [client]);
  return (
    <ErrorBoundary>
      <QueryClientProvider client={client}>
        {props.children}
        <Announcer />
      </QueryClientProvider>
    </ErrorBoundary>
  );
}

function isWorthRepeating(error: unknown): boolean {
  return error instanceof ProblemError
    ? error.problem.status >= 502
    : error instanceof Error && error.name === 'UnreachableError';
}
