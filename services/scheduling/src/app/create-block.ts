import { randomUUID } from 'node:crypto';
import { type DomainError, ValidationError } from '@daybook/runtime/errors';
import { appendToOutbox } from '@daybook/runtime/outbox';
import { withTransaction } from '@daybook/runtime/postgres';
import { insertBlock } from '../db/block-repository.ts';
import { isSlotTaken } from '../db/constraint-errors.ts';
import { lockProvider } from '../db/locks.ts';
import { type Block, validateBlock } from '../domain/block.ts';
import { longestMinutes } from '../domain/appointment-type.ts';
import type { Actor } from '../domain/policy.ts';
import { MINUTE } from '../domain/zone-offsets.ts';
import { blockEvent } from '../events/scheduling-events.ts';
import { admit } from './admit.ts';
import { chooseType, loadBookingContext } from './booking-context.ts';
import type { Dependencies } from './dependencies.ts';
import { clearExpiredHolds, explainSlotTaken } from './slot-conflict.ts';

/** Time to block. Instants in epoch milliseconds. */
export type CreateBlock = {
  readonly providerId: string;
  readonly start: number | undefined;
  readonly end: number | undefined;
  readonly title: string;
};

/** Blocks time. @throws DomainError SLOT_TAKEN, PROVIDER_NOT_FOUND, NOT_PERMITTED; ValidationError */
export function createBlock(deps: Dependencies): (actor: Actor, command: CreateBlock) => Promise<Block> {
  return async (actor, command) => {
    await admit(deps, actor, 'manage-blocks');
    const { start, end } = command;
    if (start === undefined) throw new ValidationError([{ pointer: '/start', message: 'Give a start.' }]);
    if (end === undefined) throw new ValidationError([{ pointer: '/end', message: 'Give an end.' }]);
    const title = command.title.trim();
    validateBlock({ start, end, title });
    const context = await loadBookingContext(deps, actor.organizationId, command.providerId);
    const providerId = context.provider.id;
    const block: Block = { id: randomUUID(), organizationId: actor.organizationId, providerId, start, end, title };
    for (let holdsCleared = false; ; holdsCleared = true) {
      try {
        return await write(deps, block);
      } catch (error) {
        if (!isSlotTaken(error)) throw error;
        if (!holdsCleared && (await clearExpiredHolds(deps, providerId, block))) continue;
        throw await explainBlockTaken(deps, actor, block);
      }
    }
  };
}

/** SLOT_TAKEN with what stands where a block was to be. */
export async function explainBlockTaken(deps: Dependencies, actor: Actor, block: Block): Promise<DomainError> {
  const { providerId, start, end } = block;
  const context = await loadBookingContext(deps, actor.organizationId, providerId);
  return explainSlotTaken(deps, actor, {
    providerId,
    availability: context.availability,
    type: chooseType(context.types, ''),
    during: { start, end: Math.min(end, start + longestMinutes * MINUTE) },
    occupies: { start, end },
    override: true,
    ownId: block.id,
  });
}

function write(deps: Dependencies, block: Block): Promise<Block> {
  return withTransaction(deps.database, async (tx) => {
    await lockProvider(tx, block.providerId);
    await insertBlock(tx, block);
    await appendToOutbox(tx, [blockEvent('created', block, 1, deps.clock.now().getTime())]);
    return block;
  });
}
