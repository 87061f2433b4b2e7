import { type FieldFault, ValidationError } from '@daybook/runtime/errors';
import { hasControlCharacters } from './customer.ts';
import { DAY } from './zone-offsets.ts';

/** Time a provider keeps for themselves. Instants in epoch milliseconds, half-open. */
export type Block = {
  readonly id: string;
  readonly organizationId: string;
  readonly providerId: string;
  readonly start: number;
  readonly end: number;
  readonly title: string;
};

const longestBlock = 366 * DAY;

/**
 * Refuses a block that cannot be.
 * @throws ValidationError naming every fault
 */
export function validateBlock(block: Pick<Block, 'start' | 'end' | 'title'>): void {
  const faults: FieldFault[] = [];
  if (block.end <= block.start) faults.push({ pointer: '/end', message: 'The end must be after the start.' });
  if (block.end - block.start > longestBlock) {
    faults.push({ pointer: '/end', message: 'A block lasts at most a year.' });
  }
  if (block.title.length > 200) faults.push({ pointer: '/title', message: 'Give at most 200 characters.' });
  if (hasControlCharacters(block.title)) faults.push({ pointer: '/title', message: 'Use visible characters only.' });
  if (faults.length > 0) throw new ValidationError(faults);
}
