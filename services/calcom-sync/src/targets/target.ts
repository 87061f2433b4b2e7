import type { TypeOffer } from '../domain/type-offer.ts';

/**
 * The port every outside calendar implements. Instants are epoch milliseconds (UTC), lengths whole minutes. Every method
 * throws TargetError and nothing else.
 */
export type CalendarTarget = {
  /** Every booking, active or not, that carries the appointment's id at the searched place or under a known uid. */
  find(query: FindQuery): Promise<TargetBooking[]>;
  /** Makes a booking. */
  create(request: CreateRequest): Promise<TargetBooking>;
  /** Moves a booking; the answer has the new uid. */
  move(request: MoveRequest): Promise<TargetBooking>;
  /** Takes a booking away; one that is already gone is success. */
  remove(request: RemoveRequest): Promise<void>;
  /** Marks the customer of a booking as absent, or takes that back; only after its start. */
  markAbsent(request: AbsenceRequest): Promise<void>;
  /** The booking and, if it was moved, those that came after it, oldest first; empty when nobody knows the uid. */
  follow(uid: string): Promise<TheirBooking[]>;
  /** A page of the bookings changed at or after an instant of the clock there, oldest change first. */
  listChanged(query: { since: number; skip: number }): Promise<TheirPage>;
  /** A page of the bookings that begin in a stretch of time, by start. */
  listWindow(query: { from: number; to: number; skip: number }): Promise<TheirPage>;
  /**
   * Makes the provider's hours there equal to these; writes nothing when they are. Returns the id of the schedule, and
   * whether it had to be written.
   */
  putAvailability(request: AvailabilityRequest): Promise<{ scheduleId: string; written: boolean }>;
  /** Makes an event type offer what the appointment type says; writes nothing when it does. */
  putEventType(request: EventTypeRequest): Promise<EventTypeAnswer>;
  /** Asks who we are, and makes ready what bookings need. */
  prepare(): Promise<TargetAccount>;
  /** One cheap call that tells whether the target answers and takes our key. */
  probe(): Promise<void>;
};

/** A booking as the target reports it. */
export type TargetBooking = { uid: string; start: number; minutes: number; active: boolean; createdAt: number };

/** What to look for: by known uids, and by the place an unfinished attempt would have put it. */
export type FindQuery = {
  appointmentId: string;
  uids: readonly string[];
  place: { start: number; minutes: number } | undefined;
};

/** Who comes; empty strings mean unknown. */
export type TargetAttendee = { customerId: string; name: string; email: string; timeZone: string };

/**
 * A booking to make. `eventTypeId` is where it belongs; empty or unfit for this time or length, it is placed where it can
 * stand.
 */
export type CreateRequest = {
  appointmentId: string;
  start: number;
  minutes: number;
  attendee: TargetAttendee;
  eventTypeId?: string;
};

/** A booking to move; the attendee is for a target that can only move it by making it anew. */
export type MoveRequest = {
  appointmentId: string;
  uid: string;
  start: number;
  minutes: number;
  attendee: TargetAttendee;
};

/** A booking to take away. The reason is read by the customer; without one it says that we cancelled. */
export type RemoveRequest = { appointmentId: string; uid: string; reason?: string };

/** Whether the customer of a booking did not come. */
export type AbsenceRequest = { uid: string; absent: boolean };

/** Somebody who attends a booking made there; empty strings mean unknown. */
export type TheirAttendee = { name: string; email: string; phone: string; timeZone: string; absent: boolean };

/** A booking as it stands there, with what taking it in needs. */
export type TheirBooking = TargetBooking & {
  status: 'accepted' | 'pending' | 'cancelled' | 'rejected';
  /** The id of our appointment it carries; empty if none. */
  appointmentId: string;
  /** The booking it was moved to, and the one it was moved from; empty if none, or not told yet. */
  movedTo: string;
  movedFrom: string;
  /** The same for a booking and all it is moved to. */
  chainId: string;
  /** Whether the account behind our key is a host: else we are only invited. */
  hostedByUs: boolean;
  /** Never empty for a booking of somebody; seated bookings have several. */
  attendees: readonly TheirAttendee[];
  /** People hold seats of a time they share, and each may leave or move alone. */
  seated: boolean;
  eventTypeId: string;
  eventTypeSlug: string;
  notes: string;
  /** Why it was cancelled, rejected or moved; empty if not given. */
  reason: string;
  /** By the clock there, epoch milliseconds; undefined when not told. */
  updatedAt: number | undefined;
};

/** A page of a list; `more`: there may be another. */
export type TheirPage = { bookings: TheirBooking[]; rows: number; more: boolean };

/** What an event type is to offer. */
export type EventTypeRequest = TypeOffer & {
  /** Empty: not known yet, found by slug. */
  eventTypeId: string;
  /** The schedule whose hours it offers; empty: as it is. */
  scheduleId: string;
};

/** The event type that offers it; an empty id means that a type no longer offered was never there. */
export type EventTypeAnswer = { eventTypeId: string; slug: string; made: boolean; written: boolean };

/** A window of a weekday, minutes after local midnight; weekday 1 = Monday … 7 = Sunday; end up to 1440. */
export type WeeklyWindow = { weekday: number; startMinute: number; endMinute: number };

/** The hours of one date (YYYY-MM-DD) that replace the weekly ones; no windows means closed. */
export type DateHours = { date: string; windows: readonly { startMinute: number; endMinute: number }[] };

/** The hours to put, wall-clock in `timeZone` (IANA). */
export type AvailabilityRequest = {
  name: string;
  scheduleId: string;
  timeZone: string;
  weekly: readonly WeeklyWindow[];
  dates: readonly DateHours[];
};

/** The account behind the key, and the ids of what we made there. */
export type TargetAccount = { accountId: string; accountName: string; eventTypeId: string; scheduleId: string };

/**
 * Why a call did not do what was asked.
 * - `unavailable`: it did not answer, or answered that it is in trouble. `effect` says whether the call can have happened.
 * - `garbage`: it answered something that cannot be read; the call may have happened.
 * - `throttled`: not now; nothing happened.
 * - `unauthorized`: the key is not taken; nothing happened and nothing will until a person acts.
 * - `refused`: a decision about this booking; nothing happened.
 */
export type TargetFault =
  | { kind: 'unavailable'; effect: 'none' | 'possible' | 'answered' }
  | { kind: 'garbage' }
  | { kind: 'throttled'; retryAfterMs: number }
  | { kind: 'unauthorized' }
  | { kind: 'refused'; reason: RefusalReason };

/** The closed list of reasons a booking is refused for. */
export type RefusalReason =
  'not_available' | 'out_of_bounds' | 'past' | 'gone' | 'forbidden' | 'setup_missing' | 'invalid';

/** Thrown by every target; `words` are for the owner and hold no personal data. */
export class TargetError extends Error {
  readonly fault: TargetFault;
  readonly words: string;
  /** HTTP status of the answer; 0 when none came. */
  readonly status: number;
  constructor(fault: TargetFault, words: string, options: { cause?: unknown; status?: number } = {}) {
    super(words, options.cause === undefined ? undefined : { cause: options.cause });
    this.name = 'TargetError';
    this.fault = fault;
    this.words = words;
    this.status = options.status ?? 0;
  }
}

/** What is known of the calls left before the target would refuse, and in how many milliseconds there are more. */
export type BudgetSnapshot = { remaining: number; resetInMs: number };
