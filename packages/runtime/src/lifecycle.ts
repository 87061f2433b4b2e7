import { readCertificateFile, watchCertificate } from './certificate-metrics.ts';
import { ConfigError, loadConfig, runtimeEnvironment } from './config.ts';
import { createLogger } from './logger.ts';
import type { Logger } from './logger.ts';
import { buildInfo } from './metrics.ts';
import { readTransportFiles } from './transport-security.ts';

const phases = ['callers', 'intake', 'work', 'pools', 'telemetry'] as const;

/**
 * When a part stops: callers (are sent elsewhere, while everything still works), intake (accept nothing new), work (finish
 * what is in hand), pools (connections), telemetry.
 */
export type ShutdownPhase = (typeof phases)[number];

type Stop = { name: string; stop: () => Promise<void>; deadlineMs: number | undefined };

/** Settings of a Lifecycle; all times in milliseconds. */
export type LifecycleOptions = {
  /** How long to keep serving after readiness turned off, so that load balancers notice; default 0. */
  drainDelayMs?: number;
  /** How long any one part may take to stop before it is left behind; default 4,000. */
  stopDeadlineMs?: number;
  logger?: Logger;
};

/** The order in which a process stops, written once. */
export class Lifecycle {
  #draining = false;
  #finished: Promise<void> | undefined;
  readonly #stops = new Map<ShutdownPhase, Stop[]>(phases.map((phase) => [phase, []]));
  readonly #drainDelayMs: number;
  readonly #stopDeadlineMs: number;
  readonly #logger: Logger | undefined;

  constructor(options: LifecycleOptions = {}) {
    this.#drainDelayMs = options.drainDelayMs ?? 0;
    this.#stopDeadlineMs = options.stopDeadlineMs ?? 4000;
    this.#logger = options.logger;
  }

  /** True from the moment shutdown was asked for; readiness reports it at once. */
  get draining(): boolean {
    return this.#draining;
  }

  /**
   * Registers how a part stops. Parts of one phase stop together, phases one after the other.
   * @param deadlineMs how long this part may take; by default as long as any
   */
  onShutdown(phase: ShutdownPhase, name: string, stop: () => Promise<void>, deadlineMs?: number): void {
    this.#stops.get(phase)?.push({ name, stop, deadlineMs });
  }

  /** Stops everything in order; never rejects (a part that fails or hangs is logged). Repeats share one run. */
  shutdown(): Promise<void> {
    this.#draining = true;
    this.#finished ??= this.#run();
    return this.#finished;
  }

  async #run(): Promise<void> {
    if (this.#drainDelayMs > 0) await new Promise((resolve) => setTimeout(resolve, this.#drainDelayMs));
    for (const phase of phases) {
      await Promise.all((this.#stops.get(phase) ?? []).map((part) => this.#stopPart(phase, part)));
    }
  }

  async #stopPart(phase: ShutdownPhase, part: Stop): Promise<void> {
    let timer: NodeJS.Timeout | undefined;
    const deadlineMs = part.deadlineMs ?? this.#stopDeadlineMs;
    const deadline = new Promise<never>((_resolve, reject) => {
      timer = setTimeout(() => reject(new Error(`did not stop in ${deadlineMs} ms`)), deadlineMs);
    });
    try {
      await Promise.race([Promise.resolve().then(part.stop), deadline]);
    } catch (error) {
      this.#logger?.warn({ err: error, phase, part: part.name }, 'a part did not stop cleanly');
    } finally {
      clearTimeout(timer);
    }
  }
}

function reportFatal(logger: Logger, error: unknown): never {
  if (error instanceof ConfigError) process.stderr.write(`${error.message}\n`);
  else logger.fatal({ err: error }, 'stopped by an error');
  process.exit(1);
}

/**
 * Runs a process: builds logger and lifecycle, calls `start`, then lives until SIGTERM or SIGINT, shuts down in order
 * and exits 0. An unusable environment is written to standard error and exits 1, as does any uncaught error: a process
 * in an unknown state must not go on serving.
 */
export async function runMain(
  name: string,
  start: (context: { logger: Logger; lifecycle: Lifecycle }) => Promise<void>,
): Promise<void> {
  let logger = createLogger(name);
  try {
    const environment = loadConfig(runtimeEnvironment);
    logger = createLogger(name, environment.LOG_LEVEL);
    process.on('uncaughtException', (error) => reportFatal(logger, error));
    process.on('unhandledRejection', (error) => reportFatal(logger, error));
    const { DAYBOOK_VERSION: version, DAYBOOK_COMMIT: commit } = environment;
    buildInfo.set({ component: name, version, commit, node: process.version }, 1);
    const files = readTransportFiles();
    if (files) watchCertificate('internal', () => readCertificateFile(files.certFile));
    const lifecycle = new Lifecycle({ drainDelayMs: environment.DRAIN_DELAY_MS, logger });
    const { OTEL_EXPORTER_OTLP_ENDPOINT: endpoint, OTEL_TRACES_SAMPLER_ARG: ratio } = environment;
    if (endpoint !== undefined) {
      const { startTracing } = await import('./tracing.ts');
      lifecycle.onShutdown('telemetry', 'tracing', startTracing({ endpoint, serviceName: name, version, ratio }));
    }
    for (const signal of ['SIGTERM', 'SIGINT'] as const) {
      process.on(signal, () => {
        if (!lifecycle.draining) logger.info({ signal }, 'shutting down');
        void lifecycle.shutdown().then(() => process.exit(0));
      });
    }
    await start({ logger, lifecycle });
  } catch (error) {
    reportFatal(logger, error);
  }
}
