import type { Block } from '@daybook/http-contract/practice';
import { keepPreviousData, useQuery } from '@tanstack/react-query';
import type { QueryClient } from '@tanstack/react-query';
import { request } from '../../../lib/http.ts';
import { keys } from '../../../lib/query-keys.ts';

type BlockList = { items: Block[] };

/** Blocked time in a range of instants. */
export function listBlocks(range: { from: string; to: string }, signal?: AbortSignal) {
  return request<BlockList>({
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

/** Shows a change of blocked time before the gateway has agreed. Answers the function that takes it back. */
export async function patchBlocks(
  client: QueryClient,
  change: (blocks: readonly Block[]) => Block[],
): Promise<() => void> {
  await client.cancelQueries({ queryKey: keys.blocks });
  const before = client.getQueriesData<BlockList>({ queryKey: keys.blocks });
  client.setQueriesData<BlockList>({ queryKey: keys.blocks }, (list) => list && { ...list, items: change(list.items) });
  return () => {
    for (const [key, list] of before) client.setQueryData(key, list);
  };
}
