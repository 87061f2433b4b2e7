/** What the gateway tells the app when it is served (config.js), not when it is built. */
export type AppConfig = {
  version: string;
  /** Where the source of the running version is, as its licence asks. */
  sourceUrl: string;
  license: string;
  /** List of the licences of all that is bundled. */
  licensesUrl: string;
};

const defaults: AppConfig = {
  version: 'development',
  sourceUrl: '/source.tar.gz',
  license: 'AGPL-3.0-or-later',
  licensesUrl: '/licenses.txt',
};

/** The runtime configuration; what is absent or no text falls back, because the app must start to say what is wrong. */
export function readConfig(): AppConfig {
  const given = ((globalThis as { daybookConfig?: unknown }).daybookConfig ?? {}) as Readonly<Record<string, unknown>>;
  const read = (name: keyof AppConfig) => (typeof given[name] === 'string' ? given[name] : defaults[name]);
  return {
    version: read('version'),
    sourceUrl: read('sourceUrl'),
    license: read('license'),
    licensesUrl: read('licensesUrl'),
  };
}
