import { z } from 'zod';
import { problems } from './problems.ts';

/** RFC 4122 UUID. */
export const uuid = z.uuid().meta({ description: 'A UUID.', example: '3f1c8a52-7c0e-4d5a-9f54-0c1d7a1b2c3d' });

/** RFC 3339 instant that names its offset; a local time without one is refused because nobody could know what it means. */
export const instant = z.iso
  .datetime({ offset: true, error: 'must be an RFC 3339 date-time with an offset, such as 2026-06-04T10:00:00+02:00' })
  .meta({ description: 'RFC 3339 with offset.', example: '2026-06-04T10:00:00+02:00' });

/** A calendar day. */
export const day = z.iso
  .date({ error: 'must be a date, YYYY-MM-DD' })
  .meta({ description: 'A calendar day, YYYY-MM-DD.', example: '2026-06-04' });

/** Wall-clock time of a day, 00:00-23:59. */
export const wallTime = z
  .string()
  .regex(/^([01]\d|2[0-3]):[0-5]\d$/, 'must be a time of day, HH:MM')
  .meta({ description: 'Wall-clock time, HH:MM.', example: '09:00' });

/** Wall-clock end of a stretch, 00:01-24:00 where 24:00 is the end of the day. */
export const wallTimeEnd = z
  .string()
  .regex(/^(([01]\d|2[0-3]):[0-5]\d|24:00)$/, 'must be a time of day, HH:MM, 24:00 for the end of the day')
  .meta({ description: 'Wall-clock end, HH:MM; 24:00 is the end of the day.', example: '17:00' });

/** Whether a text names a zone of the IANA database that this runtime knows. Offsets such as +02:00 are no zones here. */
export function isTimeZone(name: string): boolean {
  if (!/^[A-Za-z][A-Za-z0-9_+/-]*$/.test(name) || name.length > 64) return false;
  try {
    new Intl.DateTimeFormat('en', { timeZone: name });
    return true;
  } catch {
    return false;
  }
}

/** IANA zone name. */
export const timeZone = z
  .string()
  .refine(isTimeZone, 'must be an IANA time zone, such as Europe/Luxembourg')
  .meta({ description: 'IANA time zone.', example: 'Europe/Luxembourg' });

/** Length of an appointment in whole minutes (5-1440, else 400). */
export const durationMinutes = z
  .int('must be a whole number of minutes')
  .min(5, 'must be at least 5 minutes')
  .max(1440, 'must be at most 1440 minutes (a day)')
  .meta({ description: 'Whole minutes, 5-1440.', example: 30 });

/** "#rrggbb". */
export const color = z
  .string()
  .regex(/^#[0-9a-f]{6}$/i, 'must be a colour, #rrggbb')
  .meta({ description: 'A colour, #rrggbb.', example: '#0f766e' });

/** The owner's decision to go ahead against a rule; never over another reservation. */
export const override = z.boolean().meta({
  description: 'Go ahead outside hours, notice or horizon. Owner and admin only; recorded in the history.',
});

const positiveInteger = (maximum: number): z.ZodType<number> =>
  z
    .string()
    .regex(/^\d{1,6}$/, 'must be a whole number')
    .transform(Number)
    .refine((value) => value >= 1 && value <= maximum, `must be between 1 and ${maximum}`);

/** Page size in a query string, 1-200. */
export const limitParameter = positiveInteger(200).meta({ description: 'Page size, at most 200.', example: 50 });

/** Length in a query string, 5-1440. */
export const durationParameter = z
  .string()
  .regex(/^\d{1,4}$/, 'must be a whole number of minutes')
  .transform(Number)
  .pipe(durationMinutes);

/** One wrong field of a request. */
export const fieldFault = z
  .object({
    pointer: z.string().meta({
      description: 'JSON pointer (RFC 6901) into the body, or ?name for a query parameter.',
      example: '/start',
    }),
    message: z.string().meta({ description: 'What is wrong and what is expected.' }),
  })
  .meta({ id: 'FieldFault' });

/** RFC 9457 problem details as Daybook answers them. */
export const problem = z
  .object({
    type: z.string().meta({ description: 'Address of the description of this kind of problem.' }),
    title: z.string(),
    status: z.int(),
    detail: z.string().optional(),
    instance: z.string().optional(),
    code: z
      .enum(Object.keys(problems) as [keyof typeof problems])
      .meta({ description: 'Stable code; switch on this.' }),
    traceId: z.string().optional(),
    errors: z.array(fieldFault).optional(),
    nearestStarts: z
      .array(instant)
      .optional()
      .meta({ description: 'With SLOT_TAKEN: up to three nearest free starts.' }),
    conflict: z
      .object({
        kind: z.enum(['appointment', 'block', 'hold']),
        start: instant,
        end: instant,
        id: uuid.optional(),
        label: z.string().optional(),
      })
      .optional()
      .meta({ description: 'With SLOT_TAKEN: what stands there.' }),
    currentVersion: z.int().optional().meta({ description: 'With VERSION_CONFLICT: the version now.' }),
    retryAfterSeconds: z.number().optional(),
    customerId: uuid.optional().meta({ description: 'With CUSTOMER_EXISTS: the known one.' }),
    steps: z
      .array(z.object({ step: z.string(), passed: z.boolean(), message: z.string() }))
      .optional()
      .meta({ description: 'With CONNECTION_TEST_FAILED: what was found.' }),
  })
  .meta({ id: 'Problem', description: 'RFC 9457 problem details.' });

/** A problem answer. */
export type Problem = z.output<typeof problem>;
/** One wrong field. */
export type FieldFault = z.output<typeof fieldFault>;
