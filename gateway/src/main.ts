import { loadConfig } from '@daybook/runtime/config';
import { runMain } from '@daybook/runtime/lifecycle';
import { gatewayEnvironment } from './config.ts';
import { startGateway } from './start-gateway.ts';

await runMain('gateway', async ({ logger, lifecycle }) => {
  await startGateway(loadConfig(gatewayEnvironment), { logger, lifecycle });
});
