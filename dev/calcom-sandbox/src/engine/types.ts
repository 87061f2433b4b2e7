/** A Cal.com user of the sandbox. `timeZone` is an IANA name. */
export type Account = {
  id: number;
  username: string;
  email: string;
  name: string;
  avatarUrl: string | null;
  bio: string | null;
  timeFormat: number;
  defaultScheduleId: number | null;
  weekStart: string;
  timeZone: string;
  locale: string;
  metadata: Record<string, unknown>;
};

/** Weekly hours of a schedule: full English day names, wall-clock `HH:MM` in the schedule's zone. */
export type AvailabilityRow = { days: string[]; startTime: string; endTime: string };

/** Hours of one date (`YYYY-MM-DD`), wall clock in the schedule's zone; equal start and end means a day off. */
export type OverrideRow = { date: string; startTime: string; endTime: string };

/** A schedule as stored; whether it is the default is a property of its owner. */
export type Schedule = {
  id: number;
  ownerId: number;
  name: string;
  timeZone: string;
  availability: AvailabilityRow[];
  overrides: OverrideRow[];
};

/** A place of meeting offered by an event type, in the input form of the API. */
export type EventLocation = { type: string } & Record<string, unknown>;

/** A booking field of an event type (default or custom). */
export type BookingField = { type: string; slug: string; isDefault: boolean; required?: boolean } & Record<
  string,
  unknown
>;

/** An event type as stored. Lengths, buffers and notice are minutes; `createdAt` is UTC ISO 8601. */
export type EventType = {
  id: number;
  ownerId: number;
  createdAt: string;
  lengthInMinutes: number;
  lengthInMinutesOptions: number[] | null;
  title: string;
  slug: string;
  description: string;
  scheduleId: number | null;
  hidden: boolean;
  disableGuests: boolean;
  minimumBookingNotice: number;
  beforeEventBuffer: number;
  afterEventBuffer: number;
  slotInterval: number | null;
  offsetStart: number;
  bookingLimitsCount: Record<string, unknown>;
  bookingLimitsDuration: Record<string, unknown>;
  bookingWindow: Record<string, unknown>;
  confirmationPolicy: Record<string, unknown>;
  seats: Record<string, unknown>;
  recurrence: Record<string, unknown> | null;
  locations: EventLocation[];
  customFields: BookingField[];
  bookingRequiresAuthentication: boolean;
  disableCancelling: Record<string, unknown>;
  disableRescheduling: Record<string, unknown>;
  allowReschedulingPastBookings: boolean;
  bookerActiveBookingsLimit: Record<string, unknown>;
  /** In the smallest unit of the currency; the API cannot set it, the knobs can. */
  price?: number;
  /** The other accepted settings, kept and echoed without effect. */
  others: Record<string, unknown>;
};

/** A person who attends a booking. */
export type Attendee = {
  name: string;
  email: string;
  timeZone: string;
  language: string;
  phoneNumber?: string;
  absent: boolean;
  /** Set on bookings with seats, whose metadata and answers belong to the seat. */
  seat?: { seatUid: string; metadata: Record<string, unknown>; bookingFieldsResponses: Record<string, unknown> };
};

/** The states of a booking in the API. */
export type BookingStatus = 'accepted' | 'pending' | 'cancelled' | 'rejected';

/** A booking as stored; all instants are UTC ISO 8601 with milliseconds. */
export type Booking = {
  id: number;
  uid: string;
  icsUid: string;
  hostId: number;
  eventTypeId: number | null;
  eventTypeSlug: string;
  title: string;
  description: string;
  status: BookingStatus;
  start: string;
  end: string;
  cancellationReason: string;
  cancelledByEmail: string;
  reschedulingReason?: string;
  rescheduledByEmail?: string;
  rescheduledFromUid?: string;
  rescheduledToUid?: string;
  location: string;
  absentHost: boolean;
  createdAt: string;
  updatedAt: string;
  metadata: Record<string, unknown>;
  attendees: Attendee[];
  guests: string[];
  bookingFieldsResponses: Record<string, unknown>;
  /** (start, end, host), only while accepted and only when accepted on creation. */
  uniqueKey: string | null;
  /** Whether a booking that costs something has been paid; absent when it costs nothing. */
  paid?: boolean;
};

/** A short-lived reservation of a slot; it only hides the slot in listings of the same event type. */
export type Reservation = {
  uid: string;
  eventTypeId: number;
  slotStart: string;
  slotEnd: string;
  slotDuration: number;
  reservationDuration: number;
  reservationUntil: string;
};

/** A webhook subscription. `id` is a UUID in reality although the document says number. */
export type Webhook = {
  id: string;
  userId: number;
  eventTypeId: number | null;
  subscriberUrl: string;
  triggers: string[];
  active: boolean;
  payloadTemplate: string | null;
  secret: string | null;
  version: string;
};

/** Everything that survives a restart. `uidState` is the position of the id generator. */
export type SandboxState = {
  formatVersion: 1;
  uidState: number;
  nextId: { user: number; schedule: number; eventType: number; booking: number };
  users: Account[];
  schedules: Schedule[];
  eventTypes: EventType[];
  bookings: Booking[];
  reservations: Reservation[];
  webhooks: Webhook[];
};

/** A key that opens the API for one user; `expiresAt` is UTC ISO 8601. */
export type ApiKey = { key: string; userId: number; expiresAt?: string };

/** `diy` behaves like the open fork, `hosted` like the hosted service. */
export type Profile = 'diy' | 'hosted';

/** How webhook deliveries misbehave; probabilities are 0 to 1, `delayMs` milliseconds. */
export type WebhookSettings = {
  timing: 'before_commit' | 'before_reply' | 'after_reply';
  drop: number;
  duplicate: number;
  delayMs: number;
  /** When true, every second delivery is held back until the next one has been sent. */
  reorder: boolean;
};

/** Settings that an admin can change while the sandbox runs; they do not survive a restart. */
export type Settings = {
  profile: Profile;
  rateLimitPerMinute: number;
  apiKeys: ApiKey[];
  webhooks: WebhookSettings;
  /** False moves bookings as older self-hosted servers do: the moved one has the event type's default length. */
  movesKeepLength: boolean;
  /** Name of the rate limit, the suffix of its headers. */
  rateLimitName: string;
  /** People (e-mail addresses) whose bookings the booking core refuses with a raw 403. */
  blockedAttendees: string[];
  /** When set, the sandbox's clock stands still at this instant (UTC ISO 8601). */
  frozenAt: string | null;
};
