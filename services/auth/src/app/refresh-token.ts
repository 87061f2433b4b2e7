import { createHash, createHmac, randomBytes } from 'node:crypto';

const refreshTokenShape = /^[A-Za-z0-9_-]{43}$/;

/** A fresh refresh token: 256 random bits in base64url. */
export function createRefreshToken(): string {
  return randomBytes(32).toString('base64url');
}

/** Whether a text can be a refresh token of ours; anything else is unknown without asking the database. */
export function isRefreshToken(text: string): boolean {
  return refreshTokenShape.test(text);
}

/** What is stored of a refresh token. A plain SHA-256 is enough: 256 random bits cannot be guessed back. */
export function hashRefreshToken(token: string): Buffer {
  return createHash('sha256').update(token).digest();
}

/**
 * The token that follows. It is derived, not drawn, so that every replica gives the same answer to a repeat without any
 * token being stored; without the key nobody can compute it.
 */
export function deriveSuccessor(token: string, key: Buffer): string {
  return createHmac('sha256', key).update(token).digest('base64url');
}
