import { z } from 'zod';
import { appointmentDetails, customerInput } from './appointments.ts';
import { color, durationMinutes, instant, limitParameter, timeZone, uuid } from './common.ts';

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

/** Body of PUT /api/blocks/{id}: replaces start, end and title. */
export const updateBlockRequest = z
  .strictObject({ start: instant, end: instant, title: title.optional() })
  .refine((body) => Date.parse(body.end) > Date.parse(body.start), { path: ['end'], message: 'must be after start' })
  .refine((body) => Date.parse(body.end) - Date.parse(body.start) <= 366 * 86_400_000, {
    path: ['end'],
    message: 'must be at most a year after start',
  })
  .meta({ id: 'UpdateBlockRequest' });

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

/** What the appointments say about a customer. */
export const customerSummary = z
  .object({
    appointmentCount: z.int().meta({ description: 'Not counting cancelled ones.' }),
    noShowCount: z.int(),
    cancelledCount: z.int(),
    nextStart: instant.optional(),
    lastStart: instant.optional(),
    lastAppointmentTypeId: uuid.optional(),
  })
  .meta({ id: 'CustomerSummary' });

/** A customer of a list, with what the appointments say. */
export const listedCustomer = customer.extend({ summary: customerSummary }).meta({ id: 'ListedCustomer' });

/** One customer, with others who may be the same person. */
export const customerDetails = customer
  .extend({ summary: customerSummary, possibleDuplicates: z.array(customer) })
  .meta({ id: 'CustomerDetails' });

/** Body of POST /api/customers and PUT /api/customers/{id}: replaces all particulars; absent ones clear. */
export const customerRequest = customerInput
  .extend({ notes: z.string().max(5000, 'must be at most 5000 characters').default('') })
  .meta({ id: 'CustomerRequest' });

/** Body of POST /api/customers/{id}/merge: {id} stays, the other goes. */
export const mergeCustomersRequest = z.strictObject({ mergeId: uuid }).meta({ id: 'MergeCustomersRequest' });

/** Answer of a merge. */
export const mergedCustomers = z.object({ customer, movedAppointments: z.int() }).meta({ id: 'MergedCustomers' });

/** Answer of an export: everything kept about one customer. */
export const customerExport = z
  .object({
    customer,
    appointments: z.array(appointmentDetails).meta({ description: 'By start, cancelled ones too.' }),
  })
  .meta({ id: 'CustomerExport' });

/** Answer of an erasure. */
export const erasedCustomer = z
  .object({ erasedAppointments: z.int().meta({ description: 'How many no longer say whose they were.' }) })
  .meta({ id: 'ErasedCustomer' });

/** Query of GET /api/customers. */
export const listCustomersQuery = z.strictObject({
  q: z.string().trim().max(200).optional(),
  limit: limitParameter.optional(),
  cursor: z.string().max(500).optional(),
});

/** Answer of GET /api/customers. */
export const customerPage = z
  .object({ items: z.array(listedCustomer), nextCursor: z.string().optional() })
  .meta({ id: 'CustomerPage' });

/** Whose time is booked. */
export const provider = z.object({ id: uuid, name: z.string(), color, timeZone: z.string() }).meta({ id: 'Provider' });

/** Answer of GET /api/providers. */
export const providerList = z.object({ items: z.array(provider) }).meta({ id: 'ProviderList' });

/** Steps of the first-run guide. */
export const guideStep = z.enum(['hours', 'type', 'calcom', 'booking']);

/** Body of PUT /api/practice. Absent means: by the reader's locale or browser. */
export const practiceRequest = z
  .strictObject({
    name: z.string().trim().min(1, 'is required').max(200, 'must be at most 200 characters'),
    country: z
      .string()
      .regex(/^[A-Z]{2}$/, 'must be a country code of two capital letters')
      .optional(),
    weekStart: z.int().min(1).max(7).optional().meta({ description: '1 = Monday … 7 = Sunday.' }),
    hourCycle: z.union([z.literal(12), z.literal(24)]).optional(),
    language: z.enum(['en', 'fr', 'de']).optional(),
    secondTimeZone: timeZone.optional(),
    guideStepsDone: z.array(guideStep).max(10).default([]),
  })
  .meta({ id: 'PracticeRequest' });

/** The practice's own particulars. */
export const practice = z
  .object({
    name: z.string(),
    country: z.string().optional(),
    weekStart: z.int().optional(),
    hourCycle: z.int().optional(),
    language: z.string().optional(),
    secondTimeZone: z.string().optional(),
    guideStepsDone: z.array(guideStep),
    version: z.int(),
    lastProvenRestoreAt: instant.optional().meta({
      description: 'When a backup was last restored into a scratch database and found whole.',
    }),
  })
  .meta({ id: 'Practice' });

/** The practice's own particulars. */
export type Practice = z.output<typeof practice>;
/** Body of a change of them. */
export type PracticeRequest = z.input<typeof practiceRequest>;
/** A step of the first-run guide. */
export type GuideStep = z.output<typeof guideStep>;
/** What the appointments say about a customer. */
export type CustomerSummary = z.output<typeof customerSummary>;
/** A customer of a list. */
export type ListedCustomer = z.output<typeof listedCustomer>;
/** One customer, whole. */
export type CustomerDetails = z.output<typeof customerDetails>;
/** Everything kept about one customer. */
export type CustomerExport = z.output<typeof customerExport>;
/** What an erasure took. */
export type ErasedCustomer = z.output<typeof erasedCustomer>;
/** Body of a customer. */
export type CustomerRequest = z.input<typeof customerRequest>;
/** Body of a changed block. */
export type UpdateBlockRequest = z.input<typeof updateBlockRequest>;
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
