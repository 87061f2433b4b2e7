import { z } from 'zod';
import { appointment } from './appointments.ts';
import { day, instant, timeZone, uuid, wallTime, wallTimeEnd } from './common.ts';

/** Weekday in English, lower case, as in JSON. Index 0 is Monday. */
export const weekdays = ['monday', 'tuesday', 'wednesday', 'thursday', 'friday', 'saturday', 'sunday'] as const;

const endAfterStart = { message: 'end must be after start', path: ['end'] };

/** A window of every such weekday in wall-clock time of the practice's zone. A night shift is two windows. */
export const weeklyWindow = z
  .strictObject({ day: z.enum(weekdays), start: wallTime, end: wallTimeEnd })
  .refine((window) => window.end > window.start, endAfterStart)
  .meta({ id: 'WeeklyWindow' });

/** Hours of one day. */
export const dayWindow = z
  .strictObject({ start: wallTime, end: wallTimeEnd })
  .refine((window) => window.end > window.start, endAfterStart)
  .meta({ id: 'DayWindow' });

/** Hours of one date, or of each date up to endDate, that replace the weekly ones. No intervals: closed. */
export const dateOverride = z
  .strictObject({
    date: day,
    endDate: day.optional().meta({ description: 'Last date, inclusive; absent for a single day.' }),
    intervals: z.array(dayWindow).max(24),
  })
  .refine((entry) => entry.endDate === undefined || entry.endDate >= entry.date, {
    path: ['endDate'],
    message: 'must not be before date',
  })
  .meta({ id: 'DateOverride' });

/** A half-open stretch of time. */
export const interval = z.object({ start: instant, end: instant }).meta({ id: 'Interval' });

/** Body of PUT /api/availability: replaces weekly hours, overrides and zone. */
export const replaceAvailabilityRequest = z
  .strictObject({
    timeZone,
    weekly: z.array(weeklyWindow).max(7 * 24),
    overrides: z.array(dateOverride).max(1000).default([]),
    version: z
      .int()
      .optional()
      .meta({ description: 'Ignored; use If-Match. Accepted so that an answer can be sent back.' }),
  })
  .meta({ id: 'ReplaceAvailabilityRequest' });

/** Query of GET /api/availability; without from and to no free time is computed. */
export const availabilityQuery = z.strictObject({
  from: instant.optional(),
  to: instant.optional(),
  providerId: uuid.optional(),
});

/** The rule set. */
export const availability = z
  .object({
    providerId: uuid,
    version: z.int(),
    timeZone: z.string(),
    weekly: z.array(z.object({ day: z.enum(weekdays), start: z.string(), end: z.string() })),
    overrides: z.array(
      z.object({
        date: z.string(),
        endDate: z.string().optional(),
        intervals: z.array(z.object({ start: z.string(), end: z.string() })),
      }),
    ),
    free: z.array(interval).meta({ description: 'Open and not busy, sorted, disjoint, within from and to.' }),
    open: z.array(interval).meta({ description: 'Open by the rules alone.' }),
  })
  .meta({ id: 'Availability' });

/** Answer of PUT /api/availability. */
export const replaceAvailabilityResponse = availability
  .extend({
    outsideNewHours: z
      .array(appointment)
      .meta({ description: 'Appointments to come that the new hours do not cover. They stay; a person decides.' }),
  })
  .meta({ id: 'ReplacedAvailability' });

/** Body of POST /api/availability/preview: the rules in question, and the stretch to look at. */
export const previewAvailabilityRequest = z
  .strictObject({
    timeZone,
    weekly: z.array(weeklyWindow).max(7 * 24),
    overrides: z.array(dateOverride).max(1000).default([]),
    from: instant,
    to: instant,
  })
  .meta({ id: 'PreviewAvailabilityRequest' });

/** What the rules would change. */
export const availabilityPreview = z
  .object({
    opens: z.array(interval).meta({ description: 'Closed now, open then.' }),
    closes: z.array(interval).meta({ description: 'Open now, closed then.' }),
    outsideNewHours: z.array(appointment).meta({ description: 'Appointments to come that would fall outside.' }),
  })
  .meta({ id: 'AvailabilityPreview' });

/** Body of a preview. */
export type PreviewAvailabilityRequest = z.input<typeof previewAvailabilityRequest>;
/** What the rules would change. */
export type AvailabilityPreview = z.output<typeof availabilityPreview>;
/** The rule set. */
export type Availability = z.output<typeof availability>;
/** Body of a replacement. */
export type ReplaceAvailabilityRequest = z.input<typeof replaceAvailabilityRequest>;
/** Answer of a replacement. */
export type ReplacedAvailability = z.output<typeof replaceAvailabilityResponse>;
/** A half-open stretch. */
export type Interval = z.output<typeof interval>;
/** A weekday. */
export type Weekday = (typeof weekdays)[number];
