import { ValidationError } from '@daybook/runtime/errors';
import { appendToOutbox } from '@daybook/runtime/outbox';
import { withTransaction } from '@daybook/runtime/postgres';
import { findBlock, updateBlock as storeBlock } from '../db/block-repository.ts';
import { isSlotTaken } from '../db/constraint-errors.ts';
import { lockProvider } from '../db/locks.ts';
import { removeExpiredHolds } from '../db/reservation-repository.ts';
import { type Block, validateBlock } from '../domain/block.ts';
import { blockNotFound } from '../domain/errors.ts';
import type { Actor } from '../domain/policy.ts';
import { blockEvent } from '../events/scheduling-events.ts';
import { admit } from './admit.ts';
import { explainBlockTaken } from './create-block.ts';
import type { Dependencies } from './dependencies.ts';

/** A block as it is to be. Instants in epoch milliseconds. */
export type UpdateBlock = {
  readonly id: string;
  readonly start: number | undefined;
  readonly end: number | undefined;
  readonly title: string;
};

/**
 * Moves, resizes or renames blocked time; its provider stays. What equals the present state changes nothing.
 * @throws DomainError BLOCK_NOT_FOUND, SLOT_TAKEN, NOT_PERMITTED; ValidationError
 */
export function updateBlock(deps: Dependencies): (actor: Actor, command: UpdateBlock) => Promise<Block> {
  return async (actor, { id, start, end, title: given }) => {
    await admit(deps, actor, 'manage-blocks');
    if (start === undefined) throw new ValidationError([{ pointer: '/start', message: 'Give a start.' }]);
    if (end === undefined) throw new ValidationError([{ pointer: '/end', message: 'Give an end.' }]);
    const title = given.trim();
    validateBlock({ start, end, title });
    const known = await findBlock(deps.database, actor.organizationId, id);
    if (!known) throw blockNotFound();
    try {
      return await write(deps, known, { start, end, title });
    } catch (error) {
      if (!isSlotTaken(error)) throw error;
      throw await explainBlockTaken(deps, actor, { ...known, start, end, title });
    }
  };
}

function write(deps: Dependencies, known: Block, wanted: Pick<Block, 'start' | 'end' | 'title'>): Promise<Block> {
  return withTransaction(deps.database, async (tx) => {
    await lockProvider(tx, known.providerId);
    const current = await findBlock(tx, known.organizationId, known.id);
    if (!current) throw blockNotFound();
    const { version, ...last } = current;
    const block = { ...last, ...wanted };
    if (last.start === block.start && last.end === block.end && last.title === block.title) return last;
    await removeExpiredHolds(tx, block.providerId, block);
    await storeBlock(tx, block, version + 1);
    await appendToOutbox(tx, [blockEvent('changed', block, version + 1, deps.clock.now().getTime())]);
    return block;
  });
}
