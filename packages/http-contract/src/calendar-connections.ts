import { z } from 'zod';
import { syncState } from './appointments.ts';
import { instant, limitParameter, uuid } from './common.ts';

/** A comparison of both sides in numbers. */
export const sweepSummary = z
  .object({
    id: uuid,
    startedAt: instant,
    finishedAt: instant.optional().meta({ description: 'Absent while it runs.' }),
    compared: z.int(),
    differences: z.int(),
    repaired: z.int(),
    error: z.string().optional(),
  })
  .meta({ id: 'SweepSummary' });

/** How the practice's connection to Cal.com stands. */
export const calendarConnection = z
  .object({
    id: uuid.optional(),
    target: z.literal('calcom'),
    state: z.enum(['off', 'connected', 'unreachable', 'needs_attention', 'paused']),
    baseUrl: z.string().optional(),
    accountName: z.string().optional(),
    message: z.string().optional().meta({ description: 'In words: what is wrong and what to do.' }),
    lastSuccessAt: instant.optional(),
    pending: z.int(),
    parked: z.int(),
    oldestPendingSeconds: z.number(),
    profile: z.enum(['hosted', 'self_hosted']).optional(),
    attendeeAddresses: z.enum(['placeholder', 'real']).meta({
      description: 'Which address Cal.com gets for a customer; it mails attendees by itself.',
    }),
    placeholderDomain: z.string().optional(),
    managedByOperator: z.boolean().meta({ description: 'Set by the environment; cannot be changed in the app.' }),
    inbound: z.enum(['polling', 'webhook', 'webhook_failed']).optional(),
    lastPollAt: instant.optional(),
    latency: z
      .object({
        p50Milliseconds: z.number(),
        p95Milliseconds: z.number(),
        count: z.int(),
        withinPromise: z.int().meta({ description: 'In step within five seconds of our commit.' }),
      })
      .optional()
      .meta({ description: 'Of the last hour; absent when nothing was sent.' }),
    lastSweep: sweepSummary.optional(),
  })
  .meta({ id: 'CalendarConnection' });

/** Answer of GET /api/calendar-connections. */
export const calendarConnectionList = z
  .object({ items: z.array(calendarConnection) })
  .meta({ id: 'CalendarConnectionList' });

/** One row that is not in step. */
export const syncWork = z
  .object({
    appointmentId: uuid.optional().meta({ description: 'Absent for availability.' }),
    state: syncState,
    attempts: z.int(),
    lastError: z.string().optional(),
    nextAttemptAt: instant.optional(),
  })
  .meta({ id: 'SyncWork' });

/** Answer of GET /api/calendar-connections/work. */
export const syncWorkList = z.object({ items: z.array(syncWork) }).meta({ id: 'SyncWorkList' });

/** Body of POST /api/calendar-connections/retry. */
export const retrySyncRequest = z.strictObject({ appointmentId: uuid.optional() }).meta({ id: 'RetrySyncRequest' });

/** Answer of POST /api/calendar-connections/retry. */
export const retrySyncResponse = z.object({ retried: z.int() }).meta({ id: 'RetrySyncResponse' });

/** Body of POST /api/calendar-connections/test. */
export const testConnectionRequest = z
  .strictObject({
    baseUrl: z.string().trim().min(1, 'is required').max(500, 'must be at most 500 characters'),
    apiKey: z.string().trim().max(500, 'must be at most 500 characters').optional().meta({
      description: 'Absent: the stored key, if the address is the stored one.',
    }),
  })
  .meta({ id: 'TestConnectionRequest' });

/** One step of a connection test. */
export const testStep = z
  .object({
    step: z.enum([
      'address',
      'name_lookup',
      'tls',
      'reachable',
      'base_path',
      'api_version',
      'key',
      'permissions',
      'account',
    ]),
    passed: z.boolean(),
    message: z.string(),
  })
  .meta({ id: 'ConnectionTestStep' });

/** Answer of a connection test. */
export const connectionTest = z
  .object({
    passed: z.boolean(),
    steps: z.array(testStep),
    baseUrl: z.string().optional(),
    profile: z.enum(['hosted', 'self_hosted']).optional(),
    accountName: z.string().optional(),
    accountEmail: z.string().optional(),
  })
  .meta({ id: 'ConnectionTest' });

/** Body of PUT /api/calendar-connections. */
export const saveConnectionRequest = testConnectionRequest
  .extend({
    attendeeAddresses: z.enum(['placeholder', 'real']).default('placeholder'),
    placeholderDomain: z.string().trim().max(253).optional(),
  })
  .meta({ id: 'SaveConnectionRequest' });

/** One line of a plan. */
export const plannedStep = z
  .object({
    action: z.enum([
      'create_event_type',
      'adopt_event_type',
      'create_schedule',
      'adopt_schedule',
      'create_booking',
      'adopt_booking',
      'take_in_booking',
      'clash',
    ]),
    subject: z.string(),
    start: instant.optional(),
    end: instant.optional(),
    ourId: z.string().optional(),
    theirId: z.string().optional(),
  })
  .meta({ id: 'PlannedStep' });

/** What starting a connection would do. */
export const connectionPlan = z
  .object({
    steps: z.array(plannedStep).meta({ description: 'At most 500.' }),
    counts: z.record(z.string(), z.int()).meta({ description: 'By action, also those not listed.' }),
    mailNotice: z.string(),
  })
  .meta({ id: 'ConnectionPlan' });

/** Body of POST /api/calendar-connections/{id}/disconnect. */
export const disconnectRequest = z
  .strictObject({ cancelBookings: z.boolean(), hideEventTypes: z.boolean() })
  .meta({ id: 'DisconnectRequest' });

/** What stands on one side. */
export const bookingSide = z
  .object({
    status: z.string(),
    start: instant.optional(),
    durationMinutes: z.int().optional(),
    customerName: z.string().optional(),
  })
  .meta({ id: 'BookingSide' });

/** An appointment's standing with Cal.com. */
export const ledgerEntry = z
  .object({
    appointmentId: uuid,
    state: syncState,
    ours: bookingSide.optional(),
    theirs: bookingSide.optional(),
    externalUid: z.string().optional(),
    attempts: z.int(),
    lastError: z.string().optional(),
    nextAttemptAt: instant.optional(),
    syncedAt: instant.optional(),
    madeThere: z.boolean().meta({ description: 'Made on Cal.com, not here.' }),
    updatedAt: instant,
  })
  .meta({ id: 'LedgerEntry' });

/** Query of GET /api/calendar-connections/ledger. */
export const listLedgerQuery = z.strictObject({
  state: z
    .string()
    .transform((text) => text.split(','))
    .pipe(z.array(syncState))
    .optional()
    .meta({ description: 'One state or several, separated by commas.' }),
  limit: limitParameter.optional(),
  cursor: z.string().max(500).optional(),
});

/** Answer of GET /api/calendar-connections/ledger. */
export const ledgerPage = z
  .object({
    items: z.array(ledgerEntry),
    nextCursor: z.string().optional(),
    counts: z.record(z.string(), z.int()).meta({ description: 'How many there are of each state.' }),
  })
  .meta({ id: 'LedgerPage' });

/** One try. */
export const syncAttempt = z
  .object({
    at: instant,
    durationMilliseconds: z.int(),
    action: z.enum(['look', 'create', 'move', 'cancel', 'mark_absent', 'webhook', 'poll']),
    outcome: z.enum(['ok', 'failed', 'unknown']),
    status: z.int().optional().meta({ description: 'HTTP status; absent when none came.' }),
    message: z.string(),
  })
  .meta({ id: 'SyncAttempt' });

/** One appointment's standing with its tries, newest first. */
export const ledgerDetails = ledgerEntry
  .extend({ tries: z.array(syncAttempt), externalUids: z.array(z.string()) })
  .meta({ id: 'LedgerDetails' });

/** Body of POST /api/calendar-connections/ledger/{id}/resolve. */
export const resolveDifferenceRequest = z
  .strictObject({ resolution: z.enum(['accept_theirs', 'restore_ours']) })
  .meta({ id: 'ResolveDifferenceRequest' });

/** One difference found by a sweep. */
export const sweepDifference = z
  .object({
    appointmentId: uuid.optional(),
    externalUid: z.string().optional(),
    kind: z.enum([
      'missing_there',
      'missing_here',
      'different_time',
      'different_status',
      'doubled_there',
      'event_type',
      'schedule',
    ]),
    ours: bookingSide.optional(),
    theirs: bookingSide.optional(),
    outcome: z.enum(['repaired', 'waiting', 'needs_choice']),
  })
  .meta({ id: 'SweepDifference' });

/** Answer of GET /api/calendar-connections/sweeps, newest first. */
export const sweepList = z
  .object({ items: z.array(sweepSummary.extend({ differencesFound: z.array(sweepDifference) })) })
  .meta({ id: 'SweepList' });

/** Answer of a connection test. */
export type ConnectionTest = z.output<typeof connectionTest>;
/** Body of a connection. */
export type SaveConnectionRequest = z.input<typeof saveConnectionRequest>;
/** What starting would do. */
export type ConnectionPlan = z.output<typeof connectionPlan>;
/** One line of the ledger. */
export type LedgerEntry = z.output<typeof ledgerEntry>;
/** One line with its tries. */
export type LedgerDetails = z.output<typeof ledgerDetails>;
/** A page of the ledger. */
export type LedgerPage = z.output<typeof ledgerPage>;
/** A sweep in numbers. */
export type SweepSummary = z.output<typeof sweepSummary>;
/** A list of sweeps. */
export type SweepList = z.output<typeof sweepList>;
/** How the connection stands. */
export type CalendarConnection = z.output<typeof calendarConnection>;
/** One row that is not in step. */
export type SyncWork = z.output<typeof syncWork>;
