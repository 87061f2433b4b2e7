import type { Appointment } from '@daybook/http-contract/appointments';
import type { Interval } from '@daybook/http-contract/availability';
import type { Block } from '@daybook/http-contract/practice';

/** What stands in a stretch of time, as far as the screen knows; the server decides. */
export type Clash =
  { kind: 'appointment'; name: string } | { kind: 'block'; name: string } | { kind: 'closed' } | undefined;

/**
 * What a stretch would run into, besides the entry that is being moved: an appointment first, then a
 * block, then closed time. `providerId`: whose time alone is meant, where several stand in one calendar.
 */
export function findClash(
  content: { appointments: readonly Appointment[]; blocks: readonly Block[]; open: readonly Interval[] },
  span: { start: number; end: number },
  movedId?: string,
  providerId?: string,
): Clash {
  const overlaps = (other: { start: string; end: string; providerId: string }) =>
    (providerId === undefined || other.providerId === providerId) &&
    Date.parse(other.start) < span.end &&
    Date.parse(other.end) > span.start;
  const appointment = content.appointments.find(
    (other) =>
      other.id !== movedId && (other.status === 'scheduled' || other.status === 'completed') && overlaps(other),
  );
  if (appointment !== undefined) return { kind: 'appointment', name: appointment.customer.name };
  const block = content.blocks.find((other) => `block-${other.id}` !== movedId && overlaps(other));
  if (block !== undefined) return { kind: 'block', name: block.title };
  const isOpen = content.open.some(
    (interval) => Date.parse(interval.start) <= span.start && Date.parse(interval.end) >= span.end,
  );
  return isOpen ? undefined : { kind: 'closed' };
}
