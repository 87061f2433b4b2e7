import { randomUUID } from 'node:crypto';
import { join } from 'node:path';
import { CalendarSyncServiceClient, calendarSyncService } from '@daybook/protos/packages';
import type { ListConnectionsResponse__Output } from '@daybook/protos/gen/daybook/calendarsync/v1/ListConnectionsResponse';
import type { ListSyncWorkResponse__Output } from '@daybook/protos/gen/daybook/calendarsync/v1/ListSyncWorkResponse';
import type { RetrySyncWorkResponse__Output } from '@daybook/protos/gen/daybook/calendarsync/v1/RetrySyncWorkResponse';
import { callUnary, createGrpcClient } from '@daybook/runtime/grpc-client';
import { startGrpcServer } from '@daybook/runtime/grpc-server';
import { Lifecycle } from '@daybook/runtime/lifecycle';
import { query, withTransaction, type Database } from '@daybook/runtime/postgres';
import { silentLogger, testDatabase } from '@daybook/runtime/testing';
import type { UserActor } from '@daybook/runtime/tokens';
import type { ConnectionContext } from '../connections/connection-context.ts';
import { recordChange } from '../engine/desired-state.ts';
import { createHandlers } from './handlers.ts';

const organizationId = randomUUID();
const appointmentId = randomUUID();
const people: Record<string, UserActor> = {
  owner: person('owner', organizationId),
  staff: person('staff', organizationId),
  stranger: person('owner', randomUUID()),
};

function person(role: 'owner' | 'staff', organization: string): UserActor {
  return {
    kind: 'user',
    userId: randomUUID(),
    organizationId: organization,
    roles: [role],
    sessionId: randomUUID(),
    tokenExpiresAt: Math.floor(Date.now() / 1000) + 600,
  };
}

function contextOf(database: Database): ConnectionContext {
  return {
    database,
    logger: silentLogger,
    sealer: undefined,
    rules: { trustedUrl: undefined, allowedHosts: [] },
    timeoutMs: 1000,
    placeholderDomain: 'customers.example',
    publicUrl: undefined,
    environment: undefined,
  };
}

const noScheduling = (): Promise<never> => Promise.reject(new Error('scheduling is not asked here'));

describe('the rpcs', () => {
  let lifecycle: Lifecycle;
  let testDb: Awaited<ReturnType<typeof testDatabase>>;
  let client: InstanceType<typeof CalendarSyncServiceClient>;

  beforeAll(async () => {
    lifecycle = new Lifecycle();
    testDb = await testDatabase({ migrations: join(process.cwd(), 'services/calcom-sync/migrations') });
    const { port } = await startGrpcServer({
      host: '127.0.0.1',
      port: 0,
      logger: silentLogger,
      lifecycle,
      services: [
        { definition: calendarSyncService, implementation: createHandlers(contextOf(testDb.database), noScheduling) },
      ],
      authenticate: { verifier: { verify: (token) => Promise.resolve(people[token]!) }, serviceTokens: {} },
    });
    client = createGrpcClient({ constructor: CalendarSyncServiceClient, address: `127.0.0.1:${port}`, lifecycle });
    const attendee = { customerId: randomUUID(), name: 'Leo', email: '', timeZone: '' };
    const wanted = { version: 1, presence: 'present' as const, start: Date.now() + 3_600_000, minutes: 30, attendee };
    const change = { kind: 'appointment' as const, organizationId, providerId: randomUUID(), appointmentId, wanted };
    await withTransaction(testDb.database, (tx) => recordChange(tx, { ...change, at: new Date() }, { coalesceMs: 0 }));
  }, 30_000);
  afterAll(async () => {
    await lifecycle.shutdown();
    await testDb.drop();
  });

  function call<Response>(method: string, request: object, bearer: string): Promise<Response> {
    return callUnary(client, method, request, { deadlineMs: 3000, bearer });
  }

  test('a connection that is off has no work; one that is on shows it, and parked work can be retried', async () => {
    const off = await call<ListConnectionsResponse__Output>('ListConnections', {}, 'owner');
    expect(off.connections).toMatchObject([{ state: 'CONNECTION_STATE_OFF', pending: 0 }]);
    expect((await call<ListSyncWorkResponse__Output>('ListSyncWork', {}, 'owner')).work).toEqual([]);
    await query(testDb.database, { text: `UPDATE connections SET state = 'connected'` });
    await query(testDb.database, {
      text: `UPDATE calendar_links SET state = 'failed', next_attempt_at = NULL, message = 'no'`,
    });
    const on = await call<ListConnectionsResponse__Output>('ListConnections', {}, 'owner');
    expect(on.connections).toMatchObject([{ state: 'CONNECTION_STATE_CONNECTED', pending: 0, parked: 1 }]);
    const { work } = await call<ListSyncWorkResponse__Output>('ListSyncWork', { limit: 10 }, 'owner');
    expect(work).toMatchObject([{ appointmentId, state: 'SYNC_STATE_FAILED', lastError: 'no', nextAttemptAt: null }]);
    const retried = await call<RetrySyncWorkResponse__Output>('RetrySyncWork', { appointmentId: '' }, 'owner');
    expect(retried.retried).toBe(1);
    expect((await call<ListSyncWorkResponse__Output>('ListSyncWork', {}, 'owner')).work).toMatchObject([
      { state: 'SYNC_STATE_WAITING', lastError: '' },
    ]);
  });

  test('another organisation sees nothing of it, and cannot retry it', async () => {
    const { connections } = await call<ListConnectionsResponse__Output>('ListConnections', {}, 'stranger');
    expect(connections).toMatchObject([{ id: '', state: 'CONNECTION_STATE_OFF' }]);
    await expect(call('RetrySyncWork', { appointmentId }, 'stranger')).rejects.toMatchObject({
      code: 'APPOINTMENT_NOT_FOUND',
    });
  });

  test('staff may not see it, nobody may without signing in, and nonsense is named', async () => {
    await expect(call('ListConnections', {}, 'staff')).rejects.toMatchObject({ code: 'NOT_PERMITTED' });
    await expect(callUnary(client, 'ListConnections', {}, { deadlineMs: 3000 })).rejects.toMatchObject({
      kind: 'unauthenticated',
    });
    await expect(call('RetrySyncWork', { appointmentId: 'x' }, 'owner')).rejects.toMatchObject({
      code: 'VALIDATION_FAILED',
    });
    await expect(call('ListSyncWork', { limit: 500 }, 'owner')).rejects.toMatchObject({ code: 'VALIDATION_FAILED' });
  });
});
