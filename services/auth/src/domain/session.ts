/** How long sessions and their tokens live, in milliseconds. */
export type SessionLifetimes = { accessMs: number; idleMs: number; absoluteMs: number };

/** For how long a spent refresh token still gets its successor again: a lost answer, two tabs at once (RFC 9700). */
export const refreshGraceMs = 10_000;

/**
 * What is added to an access token's life before its revocation is forgotten: a token is dated by the clock of the process
 * that issues it, which may be five minutes ahead of the database's, and verifiers tolerate five seconds.
 */
export const revocationMarginMs = 5 * 60_000 + 30_000;

/** The ends of a session opened at `now`. */
export function openSessionAt(now: Date, lifetimes: SessionLifetimes): { expiresAt: Date; absoluteExpiresAt: Date } {
  const absoluteExpiresAt = new Date(now.getTime() + lifetimes.absoluteMs);
  return { expiresAt: idleEnd(now, absoluteExpiresAt, lifetimes), absoluteExpiresAt };
}

/** The idle end after a use at `now`, never past the absolute end. */
export function idleEnd(now: Date, absoluteExpiresAt: Date, lifetimes: SessionLifetimes): Date {
  return new Date(Math.min(now.getTime() + lifetimes.idleMs, absoluteExpiresAt.getTime()));
}

/** What to do with a refresh token that is no longer the live one. */
export type SpentTokenVerdict = 'repeat' | 'reuse';

/**
 * A spent token seen again: within ten seconds after its exchange it is answered with the same successor, later it is
 * held by two parties and the session ends. The end of the ten seconds itself is late.
 */
export function judgeSpentToken(spentAt: Date, now: Date): SpentTokenVerdict {
  return now.getTime() - spentAt.getTime() < refreshGraceMs ? 'repeat' : 'reuse';
}

/** Whether a session may still be used at `now`. */
export function isSessionOpen(session: { expiresAt: Date; revokedAt: Date | null }, now: Date): boolean {
  return session.revokedAt === null && session.expiresAt.getTime() > now.getTime();
}

/** After this instant no access token of a session revoked at `revokedAt` can be alive. */
export function forgetRevocationAfter(revokedAt: Date, accessMs: number): Date {
  return new Date(revokedAt.getTime() + accessMs + revocationMarginMs);
}

/** What is kept of a browser's description of itself: 300 characters without control characters. */
export function trimUserAgent(userAgent: string): string {
  return [...userAgent.toWellFormed().replaceAll(/\p{Cc}/gu, ' ')].slice(0, 300).join('');
}
