import type { Database } from '@daybook/runtime/postgres';
import { acquireLease, releaseLease, renewLease, type LeaseReport } from '../db/connection-repository.ts';
import type { LeaseFence } from '../db/link-repository.ts';
import type { BudgetSnapshot } from '../targets/target.ts';

/** Thrown when a step can no longer act for its connection: another worker may have taken over. */
export class LeaseLostError extends Error {
  constructor() {
    super('the lease of the connection was lost');
    this.name = 'LeaseLostError';
  }
}

/** What a lease needs; times in milliseconds. */
export type LeaseOptions = {
  database: Database;
  connectionId: string;
  owner: string;
  leaseMs: number;
  /** The longest a single call takes: with less time left, no call is begun. */
  callMs: number;
  budget: { snapshot(): BudgetSnapshot; restore(snapshot: BudgetSnapshot): void };
  /** When the target last answered well, epoch milliseconds. */
  lastSuccessAt: () => number | undefined;
};

/**
 * The right to act for one connection, kept in the database with an expiry. Renewed by a timer while held; our own clock
 * counts from before the statement was sent, so we stop believing in it before the database does.
 */
export class Lease {
  readonly #options: LeaseOptions;
  #token = 0;
  #heldUntil = 0;
  #timer: NodeJS.Timeout | undefined;

  constructor(options: LeaseOptions) {
    this.#options = options;
  }

  /** Whether we may still act. */
  get held(): boolean {
    return this.#token !== 0 && performance.now() < this.#heldUntil;
  }

  /** The fence for writes. Throws LeaseLostError when not held. */
  fence(): LeaseFence {
    if (!this.held) throw new LeaseLostError();
    return { owner: this.#options.owner, token: this.#token };
  }

  /** Throws LeaseLostError unless a whole call fits into what is left. */
  assertTimeForCall(): void {
    if (this.#token === 0 || performance.now() + this.#options.callMs > this.#heldUntil) throw new LeaseLostError();
  }

  /** Takes the lease if it is free, and with it what the last owner knew of the rate. */
  async acquire(): Promise<boolean> {
    const { database, connectionId, owner, leaseMs, budget } = this.#options;
    const asked = performance.now();
    const lease = await acquireLease(database, connectionId, owner, leaseMs);
    if (!lease) return false;
    this.#token = lease.token;
    this.#heldUntil = asked + leaseMs;
    if (lease.calls) budget.restore(lease.calls);
    this.#timer = setInterval(() => void this.#renew(), leaseMs / 6);
    return true;
  }

  /** Gives the lease back so that a replica goes on at once. */
  async release(): Promise<void> {
    if (this.#token === 0) return;
    const fence = { owner: this.#options.owner, token: this.#token };
    this.drop();
    await releaseLease(this.#options.database, this.#options.connectionId, fence, this.#report());
  }

  /** Stops believing in the lease without telling the database. */
  drop(): void {
    clearInterval(this.#timer);
    this.#timer = undefined;
    this.#token = 0;
    this.#heldUntil = 0;
  }

  #report(): LeaseReport {
    return { ...this.#options.budget.snapshot(), lastSuccessAt: this.#options.lastSuccessAt() };
  }

  async #renew(): Promise<void> {
    const { database, connectionId, owner, leaseMs } = this.#options;
    const token = this.#token;
    const asked = performance.now();
    try {
      const ours = await renewLease(database, connectionId, { owner, token }, leaseMs, this.#report());
      if (token !== this.#token) return;
      if (ours) this.#heldUntil = asked + leaseMs;
      else this.drop();
    } catch {
      // The database is away: the lease simply runs out unless a later renewal succeeds.
    }
  }
}
