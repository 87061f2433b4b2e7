import type { AddressInfo } from 'node:net';
import { createFaultBook } from './admin/faults.ts';
import { createRequestLog } from './admin/request-log.ts';
import { createApp } from './app.ts';
import { createRandom } from './engine/ids.ts';
import { createWorld } from './engine/store.ts';
import type { Profile, SandboxState, Settings } from './engine/types.ts';
import { createWebhookSender } from './engine/webhook-delivery.ts';
import { createRateLimiter } from './http/rate-limit.ts';

/** How to start a sandbox; every member has a default (see the README). `clock` gives UTC instants. */
export type SandboxOptions = {
  port?: number;
  host?: string;
  stateFile?: string;
  profile?: Profile;
  apiKey?: string;
  rateLimitPerMinute?: number;
  clock?: () => Date;
  seed?: number;
};

/** A running sandbox. `state` is for reading by tests; it is the live object. */
export type Sandbox = {
  /** `http://host:port` without a path. */
  url: string;
  /** `url` with `/v2`. */
  apiUrl: string;
  /** Ends every connection, frees the port and leaves one tidy state file. */
  stop(): Promise<void>;
  readonly state: SandboxState;
};

const FIRST_USER_ID = 4012;

/** The settings a sandbox starts with. */
export function initialSettings(options: SandboxOptions): Settings {
  return {
    profile: options.profile ?? 'diy',
    rateLimitPerMinute: options.rateLimitPerMinute ?? 120,
    apiKeys: [{ key: options.apiKey ?? 'cal_sandbox', userId: FIRST_USER_ID }],
    webhooks: { timing: 'before_reply', drop: 0, duplicate: 0, delayMs: 0, reorder: false },
    movesKeepLength: true,
    rateLimitName: 'Default',
    blockedAttendees: [],
    frozenAt: null,
  };
}

/** Starts the stand-in; resolves when it listens. Rejects when the port is taken or the state file unreadable. */
export async function startSandbox(options: SandboxOptions = {}): Promise<Sandbox> {
  const initial = initialSettings(options);
  const seed = options.seed ?? 1;
  const random = createRandom(seed ^ 0x5eed);
  const world = createWorld({
    stateFile: options.stateFile,
    clock: options.clock ?? (() => new Date()),
    seed,
    settings: structuredClone(initial),
  });
  const sender = createWebhookSender(world, random);
  const deps = {
    world,
    faults: createFaultBook(random),
    log: createRequestLog(),
    sender,
    limiter: createRateLimiter(),
  };
  const app = createApp(deps, initial);
  const host = options.host ?? '127.0.0.1';
  const server = await new Promise<ReturnType<typeof app.listen>>((resolve, reject) => {
    const listening = app.listen(options.port ?? 0, host, (error?: Error) => {
      if (error === undefined) resolve(listening);
      else reject(error);
    });
  });
  const { port } = server.address() as AddressInfo;
  const url = `http://${host.includes(':') ? `[${host}]` : host}:${port}`;
  return {
    url,
    apiUrl: `${url}/v2`,
    get state() {
      return world.state;
    },
    stop: async () => {
      sender.stop();
      const closed = new Promise<void>((resolve) => server.close(() => resolve()));
      server.closeAllConnections();
      await closed;
      world.close();
    },
  };
}
