import { z } from 'zod';

const schema = z.object({
  version: z.string().default('development'),
  sourceUrl: z.string().default('/source'),
  license: z.string().default('AGPL-3.0-or-later'),
  licensesUrl: z.string().default('/licenses.txt'),
});

/** What the gateway tells the app when it is served (config.js), not when it is built. */
export type AppConfig = z.output<typeof schema>;

/** The runtime configuration; what is absent or wrong falls back, because the app must start to say what is wrong. */
export function readConfig(): AppConfig {
  const given = (globalThis as { daybookConfig?: unknown }).daybookConfig;
  const parsed = schema.safeParse(given ?? {});
  return parsed.success ? parsed.data : schema.parse({});
}
