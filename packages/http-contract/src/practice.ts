import { z } from 'zod';
import { color, durationMinutes, instant, limitParameter, uuid } from './common.ts';

const title = z.string().trim().max(200, 'must be at most 200 characters');

/** Body of POST /api/blocks. */
export const createBlockRequest = z
  .strictObject({ start: instant, end: instant, title: title.optional(), providerId: uuid.optional() })
  .refine((body) => Date.parse(body.end) > Date.parse(body.start), { path: ['end'], message: 'must be after start' })
  .refine((body) => Date.parse(body.end) - Date.parse(body.start) <= 366 * 86_400_000, {
    path: ['end'],
    message: 'must be at most a year after start',
  })
  .meta({ id: 'CreateBlockRequest' });

/** Time a provider keeps for themselves. */
export const block = z
  .object({ id: uuid, providerId: uuid, start: instant, end: instant, title: z.string() })
  .meta({ id: 'Block' });

/** Query of GET /api/blocks. */
export const listBlocksQuery = z.strictObject({ from: instant, to: instant, providerId: uuid.optional() });

/** Answer of GET /api/blocks. */
export const blockList = z.object({ items: z.array(block) }).meta({ id: 'BlockList' });

/** What can be booked. */
export const appointmentType = z
  .object({
    id: uuid,
    name: z.string(),
    slug: z.string(),
    durationsMinutes: z.array(z.int()).meta({ description: 'Offered lengths; the first is the usual one.' }),
    bufferBeforeMinutes: z.int(),
    bufferAfterMinutes: z.int(),
    minimumNoticeMinutes: z.int(),
    horizonDays: z.int(),
    slotStepMinutes: z.int(),
    color,
    isDefault: z.boolean(),
    archived: z.boolean(),
    version: z.int(),
  })
  .meta({ id: 'AppointmentType' });

/** Body of POST and PUT /api/appointment-types. */
export const appointmentTypeRequest = z
  .strictObject({
    name: z.string().trim().min(1, 'is required').max(100, 'must be at most 100 characters'),
    slug: z
      .string()
      .regex(/^[a-z0-9]+(-[a-z0-9]+)*$/, 'use a-z, 0-9 and hyphens')
      .max(100)
      .optional(),
    durationsMinutes: z.array(durationMinutes).min(1, 'give at least one length').max(20),
    bufferBeforeMinutes: z.int().min(0).max(480).default(0),
    bufferAfterMinutes: z.int().min(0).max(480).default(0),
    minimumNoticeMinutes: z.int().min(0).max(525_600).default(0),
    horizonDays: z.int().min(1).max(1100).default(183),
    slotStepMinutes: z.int().min(5).max(240).default(15),
    color: color.default('#0f766e'),
    archived: z.boolean().default(false),
  })
  .meta({ id: 'AppointmentTypeRequest' });

/** Query of GET /api/appointment-types. */
export const listAppointmentTypesQuery = z.strictObject({ includeArchived: z.enum(['true', 'false']).optional() });

/** Answer of GET /api/appointment-types. */
export const appointmentTypeList = z.object({ items: z.array(appointmentType) }).meta({ id: 'AppointmentTypeList' });

/** Who comes. */
export const customer = z
  .object({
    id: uuid,
    name: z.string(),
    email: z.string().optional(),
    phone: z.string().optional(),
    timeZone: z.string().optional(),
    notes: z.string(),
    version: z.int(),
  })
  .meta({ id: 'Customer' });

/** Query of GET /api/customers. */
export const listCustomersQuery = z.strictObject({
  q: z.string().trim().max(200).optional(),
  limit: limitParameter.optional(),
  cursor: z.string().max(500).optional(),
});

/** Answer of GET /api/customers. */
export const customerPage = z
  .object({ items: z.array(customer), nextCursor: z.string().optional() })
  .meta({ id: 'CustomerPage' });

/** Whose time is booked. */
export const provider = z.object({ id: uuid, name: z.string(), color, timeZone: z.string() }).meta({ id: 'Provider' });

/** Answer of GET /api/providers. */
export const providerList = z.object({ items: z.array(provider) }).meta({ id: 'ProviderList' });

/** Time a provider keeps for themselves. */
export type Block = z.output<typeof block>;
/** Body of a new block. */
export type CreateBlockRequest = z.input<typeof createBlockRequest>;
/** What can be booked. */
export type AppointmentType = z.output<typeof appointmentType>;
/** Body of a type. */
export type AppointmentTypeRequest = z.input<typeof appointmentTypeRequest>;
/** Who comes. */
export type Customer = z.output<typeof customer>;
/** A page of customers. */
export type CustomerPage = z.output<typeof customerPage>;
/** Whose time is booked. */
export type Provider = z.output<typeof provider>;
