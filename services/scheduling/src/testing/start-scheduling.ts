import { generateKeyPairSync, randomUUID } from 'node:crypto';
import { join } from 'node:path';
import type { ListAppointmentsResponse__Output } from '@daybook/protos/gen/daybook/scheduling/v1/ListAppointmentsResponse';
import type { ListSlotsResponse__Output } from '@daybook/protos/gen/daybook/scheduling/v1/ListSlotsResponse';
import type { GetAvailabilityResponse__Output } from '@daybook/protos/gen/daybook/scheduling/v1/GetAvailabilityResponse';
import type { ReplaceAvailabilityResponse__Output } from '@daybook/protos/gen/daybook/scheduling/v1/ReplaceAvailabilityResponse';
import type { ListAppointmentTypesResponse__Output } from '@daybook/protos/gen/daybook/scheduling/v1/ListAppointmentTypesResponse';
import type { ListCustomersResponse__Output } from '@daybook/protos/gen/daybook/scheduling/v1/ListCustomersResponse';
import type { ListProvidersResponse__Output } from '@daybook/protos/gen/daybook/scheduling/v1/ListProvidersResponse';
import type { ListBlocksResponse__Output } from '@daybook/protos/gen/daybook/scheduling/v1/ListBlocksResponse';
import type { ApplyExternalChangeRequest } from '@daybook/protos/gen/daybook/scheduling/v1/ApplyExternalChangeRequest';
import type { ApplyExternalChangeResponse__Output } from '@daybook/protos/gen/daybook/scheduling/v1/ApplyExternalChangeResponse';
import type { Attendance } from '@daybook/protos/gen/daybook/scheduling/v1/Attendance';
import type { UpdateBlockResponse__Output } from '@daybook/protos/gen/daybook/scheduling/v1/UpdateBlockResponse';
import type { GetCustomerResponse__Output } from '@daybook/protos/gen/daybook/scheduling/v1/GetCustomerResponse';
import type { CreateCustomerResponse__Output } from '@daybook/protos/gen/daybook/scheduling/v1/CreateCustomerResponse';
import type { UpdateCustomerResponse__Output } from '@daybook/protos/gen/daybook/scheduling/v1/UpdateCustomerResponse';
import type { MergeCustomersResponse__Output } from '@daybook/protos/gen/daybook/scheduling/v1/MergeCustomersResponse';
import type { EraseCustomerResponse__Output } from '@daybook/protos/gen/daybook/scheduling/v1/EraseCustomerResponse';
import type { ExportCustomerResponse__Output } from '@daybook/protos/gen/daybook/scheduling/v1/ExportCustomerResponse';
import type { GetPracticeResponse__Output } from '@daybook/protos/gen/daybook/scheduling/v1/GetPracticeResponse';
import type { UpdatePracticeResponse__Output } from '@daybook/protos/gen/daybook/scheduling/v1/UpdatePracticeResponse';
import type { ListClosedTimesResponse__Output } from '@daybook/protos/gen/daybook/scheduling/v1/ListClosedTimesResponse';
import type { PreviewAvailabilityResponse__Output } from '@daybook/protos/gen/daybook/scheduling/v1/PreviewAvailabilityResponse';
import type { RecordAttendanceResponse__Output } from '@daybook/protos/gen/daybook/scheduling/v1/RecordAttendanceResponse';
import type { RestoreAppointmentResponse__Output } from '@daybook/protos/gen/daybook/scheduling/v1/RestoreAppointmentResponse';
import type { GetAppointmentResponse__Output } from '@daybook/protos/gen/daybook/scheduling/v1/GetAppointmentResponse';
import type { BookAppointmentRequest } from '@daybook/protos/gen/daybook/scheduling/v1/BookAppointmentRequest';
import type { UpdateAppointmentResponse__Output } from '@daybook/protos/gen/daybook/scheduling/v1/UpdateAppointmentResponse';
import type { RescheduleAppointmentResponse__Output } from '@daybook/protos/gen/daybook/scheduling/v1/RescheduleAppointmentResponse';
import type { CancelAppointmentResponse__Output } from '@daybook/protos/gen/daybook/scheduling/v1/CancelAppointmentResponse';
import type { CreateBlockResponse__Output } from '@daybook/protos/gen/daybook/scheduling/v1/CreateBlockResponse';
import type { DeleteBlockResponse__Output } from '@daybook/protos/gen/daybook/scheduling/v1/DeleteBlockResponse';
import type { CreateAppointmentTypeResponse__Output } from '@daybook/protos/gen/daybook/scheduling/v1/CreateAppointmentTypeResponse';
import type { UpdateAppointmentTypeResponse__Output } from '@daybook/protos/gen/daybook/scheduling/v1/UpdateAppointmentTypeResponse';
import type { BookAppointmentResponse__Output } from '@daybook/protos/gen/daybook/scheduling/v1/BookAppointmentResponse';
import { SchedulingServiceClient } from '@daybook/protos/packages';
import type { Clock } from '@daybook/runtime/clock';
import { Secret } from '@daybook/runtime/config';
import { callUnary, createGrpcClient, type CallUnaryOptions } from '@daybook/runtime/grpc-client';
import { Lifecycle } from '@daybook/runtime/lifecycle';
import type { Database } from '@daybook/runtime/postgres';
import { silentLogger } from '@daybook/runtime/testing';
import { type Role, signAccessToken } from '@daybook/runtime/tokens';
import type { SchedulingConfig } from '../config.ts';
import { startService } from '../service.ts';

/** The folder of the migrations, from the root in which tests run. */
export const migrationsDirectory = join(process.cwd(), 'services/scheduling/migrations');

const pair = generateKeyPairSync('ec', {
  namedCurve: 'P-256',
  publicKeyEncoding: { type: 'spki', format: 'pem' },
  privateKeyEncoding: { type: 'pkcs8', format: 'pem' },
});

/** A signed token of somebody in an organisation, as auth would issue it. */
export function tokenFor(
  organizationId: string,
  options: { roles?: Role[]; userId?: string; lifetimeSeconds?: number; now?: number } = {},
): string {
  const claims = {
    userId: options.userId ?? randomUUID(),
    sessionId: randomUUID(),
    organizationId,
    roles: options.roles ?? (['owner'] satisfies Role[]),
  };
  const key = { kid: 'test', privateKeyPem: pair.privateKey };
  return signAccessToken(claims, key, options.lifetimeSeconds ?? 600, options.now ?? Date.now());
}

/** The secret with which tests speak as calcom-sync. */
export const serviceSecret = new Secret('a-secret-only-for-tests');

/** The rpcs of the service, by name, with a token of the caller's. */
export type Scheduling = {
  readonly client: InstanceType<typeof SchedulingServiceClient>;
  readonly grpcPort: number;
  readonly database: Database;
  stop(): Promise<void>;
};

/** Starts the whole service in this process; nothing listens at the default NATS address, which booking must not mind. */
export async function startScheduling(options: {
  databaseUrl: string;
  natsUrl?: string;
  clock?: Clock;
  syncTargetEnabled?: boolean;
}): Promise<Scheduling> {
  const lifecycle = new Lifecycle();
  const config: SchedulingConfig = {
    HOST: '127.0.0.1',
    GRPC_PORT: 0,
    ADMIN_PORT: 0,
    LOG_LEVEL: 'silent',
    DATABASE_URL: new Secret(options.databaseUrl),
    DATABASE_POOL: 12,
    NATS_URL: options.natsUrl ?? 'nats://127.0.0.1:9',
    AUTH_ADDRESS: '127.0.0.1:9',
    SERVICE_TOKENS: { 'calcom-sync': [serviceSecret] },
    DEFAULT_TIME_ZONE: 'Europe/Luxembourg',
    DEFAULT_COUNTRY: 'LU',
    SYNC_TARGET_ENABLED: options.syncTargetEnabled ?? true,
  };
  const keys = async (): Promise<{ kid: string; publicKeyPem: string }[]> => [
    { kid: 'test', publicKeyPem: pair.publicKey },
  ];
  const { grpcPort, database } = await startService({
    config,
    keys,
    logger: silentLogger,
    lifecycle,
    ...(options.clock ? { clock: options.clock } : {}),
  });
  const client = createGrpcClient({
    constructor: SchedulingServiceClient,
    address: `127.0.0.1:${grpcPort}`,
    lifecycle,
  });
  return { client, grpcPort, database, stop: () => lifecycle.shutdown() };
}

/** Calls as somebody of an organisation. */
export function asUser(scheduling: Scheduling, token: string) {
  const options: CallUnaryOptions = { deadlineMs: 20_000, bearer: token };
  const { client } = scheduling;
  return {
    book: (request: BookAppointmentRequest): Promise<BookAppointmentResponse__Output> =>
      callUnary(client, 'bookAppointment', request, options),
    get: (id: string): Promise<GetAppointmentResponse__Output> => callUnary(client, 'getAppointment', { id }, options),
    list: (request: object = {}): Promise<ListAppointmentsResponse__Output> =>
      callUnary(client, 'listAppointments', request, options),
    update: (request: object): Promise<UpdateAppointmentResponse__Output> =>
      callUnary(client, 'updateAppointment', request, options),
    reschedule: (request: object): Promise<RescheduleAppointmentResponse__Output> =>
      callUnary(client, 'rescheduleAppointment', request, options),
    cancel: (id: string, rest: object = {}): Promise<CancelAppointmentResponse__Output> =>
      callUnary(client, 'cancelAppointment', { id, ...rest }, options),
    slots: (request: object): Promise<ListSlotsResponse__Output> => callUnary(client, 'listSlots', request, options),
    availability: (request: object = {}): Promise<GetAvailabilityResponse__Output> =>
      callUnary(client, 'getAvailability', request, options),
    setAvailability: (request: object): Promise<ReplaceAvailabilityResponse__Output> =>
      callUnary(client, 'replaceAvailability', request, options),
    block: (request: object): Promise<CreateBlockResponse__Output> =>
      callUnary(client, 'createBlock', request, options),
    blocks: (request: object): Promise<ListBlocksResponse__Output> => callUnary(client, 'listBlocks', request, options),
    unblock: (id: string): Promise<DeleteBlockResponse__Output> => callUnary(client, 'deleteBlock', { id }, options),
    types: (includeArchived = false): Promise<ListAppointmentTypesResponse__Output> =>
      callUnary(client, 'listAppointmentTypes', { includeArchived }, options),
    createType: (type: object): Promise<CreateAppointmentTypeResponse__Output> =>
      callUnary(client, 'createAppointmentType', { appointmentType: type }, options),
    updateType: (type: object, expectedVersion = 0): Promise<UpdateAppointmentTypeResponse__Output> =>
      callUnary(client, 'updateAppointmentType', { appointmentType: type, expectedVersion }, options),
    customers: (request: object = {}): Promise<ListCustomersResponse__Output> =>
      callUnary(client, 'listCustomers', request, options),
    providers: (): Promise<ListProvidersResponse__Output> => callUnary(client, 'listProviders', {}, options),
    updateBlock: (request: object): Promise<UpdateBlockResponse__Output> =>
      callUnary(client, 'updateBlock', request, options),
    customer: (id: string): Promise<GetCustomerResponse__Output> => callUnary(client, 'getCustomer', { id }, options),
    createCustomer: (customer: object, notes = ''): Promise<CreateCustomerResponse__Output> =>
      callUnary(client, 'createCustomer', { customer, notes }, options),
    updateCustomer: (request: object): Promise<UpdateCustomerResponse__Output> =>
      callUnary(client, 'updateCustomer', request, options),
    mergeCustomers: (keepId: string, mergeId: string): Promise<MergeCustomersResponse__Output> =>
      callUnary(client, 'mergeCustomers', { keepId, mergeId }, options),
    exportCustomer: (id: string): Promise<ExportCustomerResponse__Output> =>
      callUnary(client, 'exportCustomer', { id }, options),
    eraseCustomer: (id: string): Promise<EraseCustomerResponse__Output> =>
      callUnary(client, 'eraseCustomer', { id }, options),
    practice: (): Promise<GetPracticeResponse__Output> => callUnary(client, 'getPractice', {}, options),
    updatePractice: (practice: object, expectedVersion = 0): Promise<UpdatePracticeResponse__Output> =>
      callUnary(client, 'updatePractice', { practice, expectedVersion }, options),
    closed: (request: object): Promise<ListClosedTimesResponse__Output> =>
      callUnary(client, 'listClosedTimes', request, options),
    preview: (request: object): Promise<PreviewAvailabilityResponse__Output> =>
      callUnary(client, 'previewAvailability', request, options),
    attend: (id: string, attendance: Attendance, rest: object = {}): Promise<RecordAttendanceResponse__Output> =>
      callUnary(client, 'recordAttendance', { id, attendance, ...rest }, options),
    restore: (id: string, rest: object = {}): Promise<RestoreAppointmentResponse__Output> =>
      callUnary(client, 'restoreAppointment', { id, ...rest }, options),
  };
}

/** Applies a change as calcom-sync would. */
export function applyChange(
  scheduling: Scheduling,
  request: ApplyExternalChangeRequest,
): Promise<ApplyExternalChangeResponse__Output> {
  const serviceCredential = { name: 'calcom-sync', secret: serviceSecret };
  return callUnary(scheduling.client, 'applyExternalChange', request, { deadlineMs: 20_000, serviceCredential });
}

/** What one can call as a person. */
export type Caller = ReturnType<typeof asUser>;

/** Weekly windows for every day of the week, in minutes. */
export function everyDay(startMinute: number, endMinute: number): object[] {
  return [1, 2, 3, 4, 5, 6, 7].map((weekday) => ({ weekday, startMinute, endMinute }));
}
