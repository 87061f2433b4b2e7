import { counter } from '@daybook/runtime/metrics';
import { type Argon2Cost } from '../domain/password.ts';
import { createDummyHash, hashPassword, verifyPassword } from './argon2id.ts';

/** Computes password hashes and counts how many. */
export type PasswordChecker = {
  readonly cost: Argon2Cost;
  /** Whether the password fits. Without a hash (no such account) the same work is done for the answer no. */
  check(password: string, hash: string | undefined): Promise<boolean>;
  /** A fresh PHC string. */
  hash(password: string): Promise<string>;
  /** Computations so far; what tests compare instead of wall time. */
  computations(): number;
};

const hashCounter = counter({
  name: 'daybook_auth_password_hashes_total',
  help: 'Password hashes computed.',
  labels: ['purpose'],
});

/** A checker for one cost; the hash for unknown users is made once, here. */
export function createPasswordChecker(cost: Argon2Cost): PasswordChecker {
  const dummy = createDummyHash(cost);
  let computations = 0;
  const count = (purpose: 'check' | 'renew') => {
    computations += 1;
    hashCounter.inc({ purpose });
  };
  return {
    cost,
    check: async (password, hash) => {
      count('check');
      const fits = await verifyPassword(password, hash ?? dummy);
      return fits && hash !== undefined;
    },
    hash: (password) => {
      count('renew');
      return hashPassword(password, cost);
    },
    computations: () => computations,
  };
}
