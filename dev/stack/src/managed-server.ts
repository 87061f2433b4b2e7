import { setTimeout as delay } from 'node:timers/promises';
import type { ServerExit } from './server-process.ts';

/** What {@link ManagedServer} needs of a started native server. */
export type StartedServer = {
  pid: number;
  exited: Promise<ServerExit>;
  stop(): Promise<void>;
  kill(signal: NodeJS.Signals): void;
};

/** A native server that can be stopped, killed and started again on the same port and data. */
export type ManagedServer = {
  /** Undefined while it does not run, or when it is not ours. */
  readonly pid: number | undefined;
  /** Resolves when it answers; a no-op while it runs. */
  start(): Promise<void>;
  stop(): Promise<void>;
  kill(signal: NodeJS.Signals): void;
};

/**
 * Keeps a native server running: when it dies unasked it is started again, with growing pauses, and `say` is told.
 *
 * @param launch starts it; called again for each restart, so it must use a fixed port.
 */
export function manageServer<T extends StartedServer>(options: {
  name: string;
  launch: () => Promise<T>;
  restartCrashed: boolean;
  say: (message: string) => void;
}): ManagedServer {
  let running: T | undefined;
  let starting: Promise<void> | undefined;
  let wanted = false;

  const launch = async () => {
    const server = await options.launch();
    running = server;
    void server.exited.then(async (exit) => {
      if (running === server) running = undefined;
      if (!wanted) return;
      options.say(`${options.name} ended unasked (${exit.signal ?? `exit code ${exit.code}`})`);
      if (options.restartCrashed) await revive();
    });
  };
  const startOnce = () => {
    starting ??= launch().finally(() => (starting = undefined));
    return starting;
  };
  const revive = async () => {
    for (let waitMs = 100; wanted && !running; waitMs = Math.min(waitMs * 2, 10_000)) {
      await delay(waitMs);
      if (!wanted || running) return;
      options.say(`${options.name} is started again`);
      await startOnce().catch((error: unknown) => options.say(`${options.name} cannot be started: ${String(error)}`));
    }
  };
  return {
    get pid() {
      return running?.pid;
    },
    async start() {
      wanted = true;
      // Right after a kill the old process may not have been reaped: it is no longer a server that runs.
      if (running && !(await endsNow(running))) return;
      await startOnce();
    },
    async stop() {
      wanted = false;
      await starting?.catch(() => undefined);
      await running?.stop();
    },
    kill(signal) {
      running?.kill(signal);
    },
  };
}

/** A server that somebody else runs: it cannot be stopped or started from here. */
export function externalServer(name: string): ManagedServer {
  const refuse = (): never => {
    throw new Error(`${name} is not run by this stack, so it cannot be started, stopped or killed by it.`);
  };
  return { pid: undefined, start: async () => refuse(), stop: async () => refuse(), kill: refuse };
}

async function endsNow(server: StartedServer): Promise<boolean> {
  return Promise.race([server.exited.then(() => true), delay(50, false)]);
}
