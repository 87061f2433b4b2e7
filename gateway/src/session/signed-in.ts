import type { Actor } from '@daybook/runtime/tokens';

/** A verified user and the very token that proved it, to be passed on to the services. */
export type SignedIn = { actor: Extract<Actor, { kind: 'user' }>; token: string };
