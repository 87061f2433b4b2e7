import { AuthServiceClient } from '@daybook/protos/packages';
import { startAdminServer } from '@daybook/runtime/admin-server';
import { loadConfig } from '@daybook/runtime/config';
import { callUnary, createGrpcClient } from '@daybook/runtime/grpc-client';
import { runMain } from '@daybook/runtime/lifecycle';
import { migrationsApplied } from '@daybook/runtime/migrations';
import type { Database } from '@daybook/runtime/postgres';
import type { KeySource } from '@daybook/runtime/tokens';
import { schedulingEnvironment } from './config.ts';
import { migrationsBeside, startService } from './service.ts';

await runMain('scheduling', async ({ logger, lifecycle }) => {
  const config = loadConfig(schedulingEnvironment);
  const auth = createGrpcClient({ constructor: AuthServiceClient, address: config.AUTH_ADDRESS, lifecycle });
  const keys: KeySource = async () => {
    const answer = await callUnary(auth, 'listSigningKeys', {}, { deadlineMs: 2_000 });
    return answer.keys.map(({ kid, publicKeyPem }) => ({ kid, publicKeyPem }));
  };
  const directory = migrationsBeside(import.meta.dirname);
  const schemaReady = (database: Database): Promise<boolean> => migrationsApplied(database, directory);
  let keysSeen = false;
  /** A pod that never had the keys can check nobody; later outages of auth do not matter. */
  const seeKeys = async (): Promise<boolean | string> => {
    keysSeen ||= (await keys()).length > 0;
    return keysSeen || 'auth has not given its keys yet';
  };
  const { grpcPort, database } = await startService({ config, keys, logger, lifecycle, schemaReady });
  const admin = await startAdminServer({
    host: config.HOST,
    port: config.ADMIN_PORT,
    lifecycle,
    logger,
    readiness: {
      database: async () => (await schemaReady(database)) || 'migrations are missing',
      keys: seeKeys,
    },
  });
  logger.info({ grpcPort, adminPort: admin.port }, 'listening');
});
