import type { LiveChange } from '@daybook/http-contract/live';
import type { SignedIn } from '../session/signed-in.ts';

/** A hint and whom it concerns. */
export type LiveHint = { organizationId: string; change: LiveChange };

/** Kinds that say nothing about any person. */
const publicKinds = new Set<LiveChange['kind']>(['availability', 'appointment_type']);

/**
 * Whether a user may learn that something changed. Nobody hears of another organisation; those who work for the practice
 * hear everything of their own; customers hear only what names nobody.
 */
export function mayHear(actor: SignedIn['actor'], hint: LiveHint): boolean {
  if (hint.organizationId !== actor.organizationId || hint.organizationId === '') return false;
  if (actor.roles.some((role) => role === 'owner' || role === 'admin' || role === 'staff')) return true;
  return publicKinds.has(hint.change.kind);
}
