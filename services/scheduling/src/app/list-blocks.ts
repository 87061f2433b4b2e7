import { ValidationError } from '@daybook/runtime/errors';
import { listBlocks as readBlocks } from '../db/block-repository.ts';
import type { Block } from '../domain/block.ts';
import type { Actor } from '../domain/policy.ts';
import { DAY } from '../domain/zone-offsets.ts';
import { admit } from './admit.ts';
import type { Dependencies } from './dependencies.ts';

/** Which blocks are asked for; epoch milliseconds, an empty provider means all. */
export type ListBlocks = {
  readonly providerId: string;
  readonly from: number | undefined;
  readonly to: number | undefined;
};

const usualDays = 400;

/**
 * Blocks that overlap a range, by start. Without a begin the list starts now, without an end it runs 400 days.
 * @throws DomainError NOT_PERMITTED; ValidationError for a reversed range
 */
export function listBlocks(deps: Dependencies): (actor: Actor, request: ListBlocks) => Promise<Block[]> {
  return async (actor, request) => {
    await admit(deps, actor, 'manage-blocks');
    const start = request.from ?? deps.clock.now().getTime();
    const end = request.to ?? start + usualDays * DAY;
    if (end <= start) throw new ValidationError([{ pointer: '/to', message: 'The end must be after the begin.' }]);
    return readBlocks(deps.database, actor.organizationId, request.providerId, { start, end });
  };
}
