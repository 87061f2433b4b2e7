import type { Interval } from '../domain/interval.ts';

/** A booking of overlapping time that is under way. */
export type Rival = {
  /** Resolves when it is over, however it ended. */
  readonly over: Promise<void>;
  /**
   * Does a piece of reading once for all who ask by the same key, so that thirty losers are told by one look. Only for those
   * who waited until it was over: they asked before that, so the look is newer than each of their requests.
   */
  look<T>(key: string, read: () => Promise<T>): Promise<T>;
};

type Wish = Rival & { readonly stretch: Interval };

/**
 * Bookings this process is working on, by provider. One that wants the same time waits here, where it holds no connection
 * to the database and no place in the lock's queue; afterwards one look tells it that it lost. This spares work and decides
 * nothing: the lock and the exclusion constraint do, since other processes have wishes of their own.
 */
export class WishesInFlight {
  private readonly wishes = new Map<string, Set<Wish>>();

  /** One that overlaps; undefined when there is none. */
  ahead(providerId: string, stretch: Interval): Rival | undefined {
    for (const wish of this.wishes.get(providerId) ?? []) {
      if (wish.stretch.start < stretch.end && stretch.start < wish.stretch.end) return wish;
    }
    return undefined;
  }

  /** Does work as a wish that others wait for; its failure is its caller's alone. */
  async during<T>(providerId: string, stretch: Interval, work: () => Promise<T>): Promise<T> {
    const { promise: over, resolve: end } = Promise.withResolvers<void>();
    const wish = { stretch, over, look: shareLooks() };
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

function shareLooks(): Rival['look'] {
  const looks = new Map<string, Promise<unknown>>();
  return <T>(key: string, read: () => Promise<T>): Promise<T> => {
    const known = looks.get(key) ?? read();
    looks.set(key, known);
    return known as Promise<T>;
  };
}
