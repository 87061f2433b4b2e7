import type { Interval } from '../domain/interval.ts';

type Wish = { readonly stretch: Interval; readonly over: Promise<void> };

/**
 * Bookings this process is working on, by provider. One that wants the same time waits here, where it holds no connection
 * to the database and no place in the lock's queue; afterwards one look tells it that it lost. This spares work and decides
 * nothing: the lock and the exclusion constraint do, since other processes have wishes of their own.
 */
export class WishesInFlight {
  private readonly wishes = new Map<string, Set<Wish>>();

  /** Resolves when one that overlaps is over; undefined when there is none. */
  ahead(providerId: string, stretch: Interval): Promise<void> | undefined {
    for (const wish of this.wishes.get(providerId) ?? []) {
      if (wish.stretch.start < stretch.end && stretch.start < wish.stretch.end) return wish.over;
    }
    return undefined;
  }

  /** Does work as a wish that others wait for; its failure is its caller's alone. */
  async during<T>(providerId: string, stretch: Interval, work: () => Promise<T>): Promise<T> {
    const { promise: over, resolve: end } = Promise.withResolvers<void>();
    const wish = { stretch, over };
    const mine = this.wishes.get(providerId) ?? new Set<Wish>();
    this.wishes.set(providerId, mine.add(wish));
    try {
      return await work();
    } finally {
      mine.delete(wish);
      if (mine.size === 0) this.wishes.delete(providerId);
      end();
    }
  }
}
