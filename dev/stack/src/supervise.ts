import { spawn, type ChildProcess } from 'node:child_process';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { setTimeout as delay } from 'node:timers/promises';
import { cacheDirectory } from './cache-directory.ts';
import { endProcess, readMemory, sendSignal } from './process-identity.ts';
import type { ProcessRecords } from './process-records.ts';

/** A Node program to run. */
export type ProgramOptions = {
  /** How it is called in the log. */
  name: string;
  /** The TypeScript or JavaScript file; a function is asked at each start. */
  file: string | (() => string);
  args?: string[];
  /** Added to the few inherited variables of {@link inheritedEnvironment}; undefined values are left out. */
  env: Record<string, string | undefined>;
  /** Gets every line the program writes, unformatted. */
  onLine: (name: string, line: string) => void;
};

/** A program that is kept running. */
export type SupervisedOptions = ProgramOptions & {
  /** Resolves true when the program can do its work. */
  probe: () => Promise<boolean>;
  /** Whether it is started again when it dies unasked after it was once ready. */
  restartCrashed: boolean;
  records: ProcessRecords;
  /** From SIGTERM to SIGKILL; 4,000 ms by default. */
  stopDeadlineMs?: number;
};

/** A supervised program. */
export type SupervisedProcess = {
  readonly name: string;
  /** Undefined while it does not run. */
  readonly pid: number | undefined;
  /** Starts it, if it does not run, and waits until it is ready. */
  start(): Promise<void>;
  /** SIGTERM, then SIGKILL after the deadline; it stays stopped. */
  stop(): Promise<void>;
  restart(): Promise<void>;
  /** Sends a signal and nothing else: a program that dies of it is started again if it is to be restarted. */
  kill(signal: NodeJS.Signals): void;
  /** @throws Error with its last lines when it ends before it was ever ready, or is not ready within the deadline (60 s). */
  waitReady(deadlineMs?: number): Promise<void>;
  /** Resident memory in bytes; 0 while it does not run. */
  memory(): number;
};

const inherited = [
  ...['PATH', 'HOME', 'USER', 'LOGNAME', 'SHELL', 'LANG', 'LC_ALL', 'TZ', 'TMPDIR', 'XDG_CACHE_HOME'],
  ...[
    'NODE_EXTRA_CA_CERTS',
    'SSL_CERT_FILE',
    'HTTP_PROXY',
    'HTTPS_PROXY',
    'NO_PROXY',
    'http_proxy',
    'https_proxy',
    'no_proxy',
  ],
];
const firstBackoffMs = 250;
const longestBackoffMs = 10_000;
const steadyAfterMs = 30_000;
const keptLines = 20;
/**
 * Requests leave little that lives long, so a small young generation costs no speed; by default it grows until a loaded
 * process holds a hundred megabytes more (measured: scheduling 293 MB, so 185 MB). In MiB.
 */
const smallYoungGeneration = '--max-semi-space-size=4';

/** The variables a child gets from this process: what it needs to run, and no secret of another part. */
export function inheritedEnvironment(): Record<string, string> {
  return Object.fromEntries(
    inherited.flatMap((name) => (process.env[name] === undefined ? [] : [[name, process.env[name]]])),
  );
}

/** Runs a program to its end. Resolves with its standard output; rejects with its last lines when it fails. */
export async function runProgram(options: ProgramOptions & { input?: string }): Promise<string> {
  const child = spawnProgram(options);
  const output: string[] = [];
  const tail = watchLines(child, (stream, line) => {
    if (stream === 'stdout') output.push(line);
    options.onLine(options.name, line);
  });
  child.stdin?.on('error', () => undefined);
  child.stdin?.end(options.input ?? '');
  const [code, signal] = await new Promise<[number | null, NodeJS.Signals | null]>((resolve, reject) => {
    child.once('error', reject);
    child.once('close', (...ending) => resolve(ending));
  });
  if (code !== 0) throw new Error(`${options.name} failed (${code ?? signal}).\n${tail.join('\n')}`);
  return output.join('\n');
}

/** Prepares a supervised program; it is started with `start()`. */
export function supervise(options: SupervisedOptions): SupervisedProcess {
  return new Supervisor(options);
}

class Supervisor implements SupervisedProcess {
  readonly name: string;
  readonly #options: SupervisedOptions;
  #child: ChildProcess | undefined;
  #tail: string[] = [];
  #wanted = false;
  #everReady = false;
  #crash: string | undefined;
  #backoffMs = firstBackoffMs;
  #restartTimer: NodeJS.Timeout | undefined;

  constructor(options: SupervisedOptions) {
    this.name = options.name;
    this.#options = options;
  }

  get pid(): number | undefined {
    return this.#child?.pid;
  }

  async start(): Promise<void> {
    this.#wanted = true;
    if (!this.#child) this.#launch();
    await this.waitReady();
  }

  async stop(): Promise<void> {
    this.#wanted = false;
    clearTimeout(this.#restartTimer);
    const child = this.#child;
    if (!child || child.pid === undefined) return;
    const closed = new Promise((resolve) => child.once('close', resolve));
    await endProcess(child.pid, 'SIGTERM', this.#options.stopDeadlineMs ?? 4_000);
    await closed;
  }

  async restart(): Promise<void> {
    await this.stop();
    await this.start();
  }

  kill(signal: NodeJS.Signals): void {
    if (this.pid !== undefined) sendSignal(this.pid, signal);
  }

  async waitReady(deadlineMs = 60_000): Promise<void> {
    const deadline = Date.now() + deadlineMs;
    for (;;) {
      if (!this.#child && this.#crash !== undefined && !this.#willRestart) throw new Error(this.#crash);
      if (!this.#wanted) throw new Error(`${this.name} was stopped.`);
      const child = this.#child;
      if (child && (await this.#options.probe().catch(() => false)) && this.#child === child) break;
      if (Date.now() > deadline) {
        throw new Error(`${this.name} was not ready within ${deadlineMs / 1_000} s.\n${this.#tail.join('\n')}`);
      }
      await delay(25);
    }
    this.#everReady = true;
  }

  memory(): number {
    return this.pid === undefined ? 0 : (readMemory(this.pid) ?? 0);
  }

  get #willRestart(): boolean {
    return this.#wanted && this.#everReady && this.#options.restartCrashed;
  }

  #launch(): void {
    clearTimeout(this.#restartTimer);
    const startedAt = Date.now();
    const child = spawnProgram(this.#options);
    this.#child = child;
    this.#crash = undefined;
    this.#tail = watchLines(child, (_stream, line) => this.#options.onLine(this.name, line));
    child.stdin?.end();
    const { pid } = child;
    if (pid !== undefined) this.#options.records.add(this.name, pid);
    child.once('error', (error) => this.#tail.push(error.message));
    child.once('close', (code, signal) => {
      if (pid !== undefined) this.#options.records.remove(pid);
      this.#child = undefined;
      if (this.#wanted) this.#afterCrash(`${this.name} ended unasked (${signal ?? `exit code ${code}`})`, startedAt);
    });
  }

  #afterCrash(what: string, startedAt: number): void {
    this.#crash = `${what}.\n${this.#tail.join('\n')}`;
    if (!this.#willRestart) {
      this.#options.onLine(this.name, JSON.stringify({ level: 50, time: Date.now(), msg: what }));
      return;
    }
    if (Date.now() - startedAt > steadyAfterMs) this.#backoffMs = firstBackoffMs;
    const waitMs = this.#backoffMs;
    this.#backoffMs = Math.min(waitMs * 2, longestBackoffMs);
    const msg = `${what}; it is started again in ${waitMs} ms`;
    this.#options.onLine(this.name, JSON.stringify({ level: 40, time: Date.now(), msg }));
    this.#restartTimer = setTimeout(() => {
      if (this.#wanted && !this.#child) this.#launch();
    }, waitMs);
  }
}

/** In a session of its own, so that Ctrl-C in the terminal reaches this process alone, which then stops all in order. */
function spawnProgram(options: ProgramOptions): ChildProcess {
  const given = Object.entries(options.env).filter((entry): entry is [string, string] => entry[1] !== undefined);
  const file = typeof options.file === 'string' ? options.file : options.file();
  return spawn(process.execPath, [smallYoungGeneration, file, ...(options.args ?? [])], {
    env: {
      ...inheritedEnvironment(),
      // Every start compiles the same files: keeping the result takes about a third off the time of each process.
      NODE_COMPILE_CACHE: join(cacheDirectory(), 'node-compile-cache'),
      ...Object.fromEntries(given),
    },
    stdio: ['pipe', 'pipe', 'pipe'],
    detached: true,
  });
}

/** Hands on each line and keeps the last ones for error messages. */
function watchLines(child: ChildProcess, onLine: (stream: 'stdout' | 'stderr', line: string) => void): string[] {
  const tail: string[] = [];
  for (const stream of ['stdout', 'stderr'] as const) {
    const source = child[stream];
    if (!source) continue;
    createInterface({ input: source, crlfDelay: Infinity }).on('line', (line) => {
      tail.push(line);
      if (tail.length > keptLines) tail.shift();
      onLine(stream, line);
    });
  }
  return tail;
}
