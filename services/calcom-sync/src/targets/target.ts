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
  /** Makes the provider's hours there equal to these; writes nothing when they are. Returns the id of the schedule. */
  putAvailability(request: AvailabilityRequest): Promise<{ scheduleId: string }>;
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

/** A booking to make. */
export type CreateRequest = { appointmentId: string; start: number; minutes: number; attendee: TargetAttendee };

/** A booking to move. */
export type MoveRequest = { appointmentId: string; uid: string; start: number; minutes: number };

/** A booking to take away. */
export type RemoveRequest = { appointmentId: string; uid: string };

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
export type RefusalReason = 'not_available' | 'past' | 'gone' | 'forbidden' | 'setup_missing' | 'invalid';

/** Thrown by every target; `words` are for the owner and hold no personal data. */
export class TargetError extends Error {
  readonly fault: TargetFault;
  readonly words: string;
  constructor(fault: TargetFault, words: string, options?: { cause?: unknown }) {
    super(words, options);
    this.name = 'TargetError';
    this.fault = fault;
    this.words = words;
  }
}

/** What is known of the calls left before the target would refuse; `resetAt` is epoch milliseconds. */
export type BudgetSnapshot = { remaining: number; resetAt: number };
