import type { Route } from './route.ts';

/** Changes as they happen. */
export const liveRoutes: readonly Route[] = [
  {
    operationId: 'streamLiveChanges',
    method: 'get',
    path: '/api/live',
    tag: 'Live',
    summary: 'Server-sent events: hints that something changed',
    success: { status: 200, description: 'A stream of `change` events.', stream: true },
    problems: [],
  },
];
