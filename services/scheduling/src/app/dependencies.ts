import type { Clock } from '@daybook/runtime/clock';
import type { Database } from '@daybook/runtime/postgres';
import { createRelayWaker, type RelayWaker } from '../events/relay-waker.ts';
import { BookingContextCache } from './booking-context.ts';
import { CountryCache } from './country-cache.ts';
import { WishesInFlight } from './wishes-in-flight.ts';

/** Choices of the operator. */
export type Settings = {
  /** IANA zone of a new practice. */
  readonly defaultTimeZone: string;
  /** ISO 3166 alpha-2, in which national phone numbers are read. */
  readonly defaultCountry: string;
  /** Whether an outside calendar is set up at all. */
  readonly syncTargetEnabled: boolean;
};

/** What use cases work with. */
export type Dependencies = {
  readonly database: Database;
  readonly clock: Clock;
  readonly settings: Settings;
  /** Rules read before the lock; every write is fenced by their versions, so a stale entry costs a retry only. */
  readonly contexts: BookingContextCache;
  /** Countries in which phone numbers are read, by organisation. */
  readonly countries: CountryCache;
  /** Organisations known to exist. */
  readonly provisioned: Set<string>;
  /** Bookings under way in this process. */
  readonly wishes: WishesInFlight;
  /** For writers of the outbox that leave the notification out of their transaction. */
  readonly wakeRelay: RelayWaker;
};

/** Dependencies with empty caches. */
export function createDependencies(parts: Pick<Dependencies, 'database' | 'clock' | 'settings'>): Dependencies {
  return {
    ...parts,
    contexts: new BookingContextCache(),
    countries: new CountryCache(),
    provisioned: new Set(),
    wishes: new WishesInFlight(),
    wakeRelay: createRelayWaker(parts.database),
  };
}
