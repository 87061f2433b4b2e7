/** What an account may do. The order is from most to least powerful; tokens list roles in this order. */
export const roles = ['owner', 'admin', 'staff', 'customer'] as const;

/** One role of an account. */
export type Role = (typeof roles)[number];

/**
 * The known roles among stored texts, each once, most powerful first.
 * A role written by a newer version is left out rather than guessed at: less power is the safe reading.
 */
export function orderRoles(texts: readonly string[]): Role[] {
  return roles.filter((role) => texts.includes(role));
}
