import type { Block } from '@daybook/http-contract/practice';
import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { request } from '../../../lib/http.ts';
import { keys } from '../../../lib/query-keys.ts';

/** Blocked time in a range of instants. */
export function listBlocks(range: { from: string; to: string }, signal?: AbortSignal) {
  return request<{ items: Block[] }>({
    method: 'GET',
    path: '/api/blocks',
    query: range,
    ...(signal ? { signal } : {}),
  });
}

/** Blocked time in a range of instants. */
export function useBlocks(range: { from: string; to: string }) {
  return useQuery({
    queryKey: [...keys.blocks, range],
    queryFn: ({ signal }) => listBlocks(range, signal),
    placeholderData: keepPreviousData,
  });
}
