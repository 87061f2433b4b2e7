import type { Block, UpdateBlockRequest } from '@daybook/http-contract/practice';
import { mutationOptions } from '@tanstack/react-query';
import type { QueryClient } from '@tanstack/react-query';
import { request } from '../../../lib/http.ts';
import { invalidate } from '../../../lib/query-keys.ts';
import { patchBlocks } from './list-blocks.ts';

/** Blocked time as it is to be. */
export type BlockChange = { id: string; body: UpdateBlockRequest };

/** Moves, resizes or renames blocked time. */
export function updateBlock({ id, body }: BlockChange) {
  return request<Block>({ method: 'PUT', path: `/api/blocks/${id}`, body });
}

/** Moves, resizes or renames blocked time: shown at once, taken back when it is refused. */
export function updateBlockMutation(client: QueryClient) {
  return mutationOptions({
    mutationFn: updateBlock,
    onMutate: ({ id, body }) =>
      patchBlocks(client, (blocks) =>
        blocks.map((block) => (block.id === id ? { ...block, ...body, title: body.title ?? block.title } : block)),
      ),
    onError: (_error, _change, takeBack) => takeBack?.(),
    onSettled: () => invalidate(client, 'blocks', 'slots', 'availability'),
  });
}
