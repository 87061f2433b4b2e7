import { loadConfig } from '@daybook/runtime/config';
import { runMain } from '@daybook/runtime/lifecycle';
import { z } from 'zod';
import { accessFromPod, openSecretStore } from './kubernetes.ts';
import { makeSecrets } from './make-secrets.ts';

const json = z.string().transform((text, context): unknown => {
  try {
    return JSON.parse(text);
  } catch {
    context.addIssue({ code: 'custom', message: 'must be JSON' });
    return z.NEVER;
  }
});
const names = z.tuple([z.string().min(1)], z.string().min(1));

const environment = z.object({
  KUBERNETES_SERVICE_HOST: z.string(),
  KUBERNETES_SERVICE_PORT: z.string(),
  VALUES_SECRET: z.string().optional(),
  AUTHORITY_SECRET: z.string().optional(),
  /** Object name of each leaf to the names it is for. */
  CERTIFICATES: json.pipe(z.record(z.string(), names)).optional(),
  LABELS: json.pipe(z.record(z.string(), z.string())).optional(),
});

await runMain('make-secrets', async ({ logger, lifecycle }) => {
  const config = loadConfig<z.output<typeof environment>>(environment);
  const { KUBERNETES_SERVICE_HOST: host, KUBERNETES_SERVICE_PORT: port } = config;
  const store = openSecretStore(accessFromPod(host, port, config.LABELS ?? {}));
  const { AUTHORITY_SECRET: authorityName, CERTIFICATES: leaves } = config;
  const certificates = authorityName && leaves ? { authorityName, leaves } : undefined;
  await makeSecrets({ valuesName: config.VALUES_SECRET, certificates }, { store, logger, now: new Date() });
  await lifecycle.shutdown();
  process.exit(0);
});
