import { appendToOutbox } from '@daybook/runtime/outbox';
import { withTransaction } from '@daybook/runtime/postgres';
import { deleteBlock as removeBlock, findBlock } from '../db/block-repository.ts';
import { lockProvider } from '../db/locks.ts';
import { blockNotFound } from '../domain/errors.ts';
import type { Actor } from '../domain/policy.ts';
import { blockEvent } from '../events/scheduling-events.ts';
import { admit } from './admit.ts';
import type { Dependencies } from './dependencies.ts';

/** Frees blocked time. @throws DomainError BLOCK_NOT_FOUND, NOT_PERMITTED */
export function deleteBlock(deps: Dependencies): (actor: Actor, id: string) => Promise<void> {
  return async (actor, id) => {
    await admit(deps, actor, 'manage-blocks');
    const block = await findBlock(deps.database, actor.organizationId, id);
    if (!block) throw blockNotFound();
    await withTransaction(deps.database, async (tx) => {
      await lockProvider(tx, block.providerId);
      const current = await findBlock(tx, actor.organizationId, id);
      if (!current || !(await removeBlock(tx, actor.organizationId, id))) throw blockNotFound();
      const { version, ...last } = current;
      await appendToOutbox(tx, [blockEvent('deleted', last, version + 1, deps.clock.now().getTime())]);
    });
  };
}
