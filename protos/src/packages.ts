import { join } from 'node:path';
import { loadPackageDefinition } from '@grpc/grpc-js';
import { loadSync } from '@grpc/proto-loader';
import type { ProtoGrpcType as AuthPackage } from '../gen/auth_service.ts';
import type { ProtoGrpcType as CalendarSyncPackage } from '../gen/calendar_sync_service.ts';
import type { ProtoGrpcType as CalendarSyncEventsPackage } from '../gen/calendar_sync_events.ts';
import type { ProtoGrpcType as SchedulingPackage } from '../gen/scheduling_service.ts';
import type { ProtoGrpcType as SchedulingEventsPackage } from '../gen/scheduling_events.ts';
import { loaderOptions, protoRoot } from './loader.ts';

const definition = loadSync(
  [
    'daybook/auth/v1/auth_service.proto',
    'daybook/scheduling/v1/scheduling_service.proto',
    'daybook/scheduling/v1/scheduling_events.proto',
    'daybook/calendarsync/v1/calendar_sync_service.proto',
    'daybook/calendarsync/v1/calendar_sync_events.proto',
    'google/rpc/status.proto',
    'google/rpc/error_details.proto',
  ].map((file) => join(protoRoot, file)),
  { ...loaderOptions, includeDirs: [protoRoot] },
);

/** The loaded message and service definitions by full name, as `@grpc/proto-loader` gives them. */
export const packageDefinition = definition;

const root = loadPackageDefinition(definition) as unknown as AuthPackage &
  CalendarSyncPackage &
  CalendarSyncEventsPackage &
  SchedulingPackage &
  SchedulingEventsPackage;

/** Client constructor of daybook.auth.v1.AuthService. */
export const AuthServiceClient = root.daybook.auth.v1.AuthService;
/** Service definition of daybook.auth.v1.AuthService, for a server. */
export const authService = AuthServiceClient.service;
/** Client constructor of daybook.scheduling.v1.SchedulingService. */
export const SchedulingServiceClient = root.daybook.scheduling.v1.SchedulingService;
/** Service definition of daybook.scheduling.v1.SchedulingService, for a server. */
export const schedulingService = SchedulingServiceClient.service;
/** Client constructor of daybook.calendarsync.v1.CalendarSyncService. */
export const CalendarSyncServiceClient = root.daybook.calendarsync.v1.CalendarSyncService;
/** Service definition of daybook.calendarsync.v1.CalendarSyncService, for a server. */
export const calendarSyncService = CalendarSyncServiceClient.service;
