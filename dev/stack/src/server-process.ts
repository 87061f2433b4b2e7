import { spawn } from 'node:child_process';
import { closeSync, openSync, readFileSync, renameSync, statSync } from 'node:fs';
import { endProcess, sendSignal } from './process-identity.ts';

const maximumLogBytes = 20 * 1024 * 1024;

/** How a server process ended. */
export type ServerExit = { code: number | null; signal: NodeJS.Signals | null };

/** A running native server (PostgreSQL, NATS). */
export type ServerProcess = {
  pid: number;
  /** Resolves when the process has ended, for whatever reason; never rejects. */
  exited: Promise<ServerExit>;
  /** Undefined while it runs. */
  readonly exit: ServerExit | undefined;
  /** Sends the signal, waits, and kills what is still there after the deadline (milliseconds). */
  stop(signal: NodeJS.Signals, deadlineMs: number): Promise<void>;
  kill(signal: NodeJS.Signals): void;
};

/** What to run, and as whom. */
export type ServerCommand = {
  command: string;
  args: string[];
  env: Record<string, string>;
  /** Both output streams are appended to this file. */
  logFile: string;
  uid?: number;
  gid?: number;
};

/**
 * Starts a native server in a session of its own, so that Ctrl-C in the terminal does not reach it before the services
 * that need it have stopped. It does not keep this process alive.
 */
export async function startServerProcess(command: ServerCommand): Promise<ServerProcess> {
  const log = openLog(command.logFile);
  const child = spawn(command.command, command.args, {
    cwd: '/',
    env: command.env,
    detached: true,
    stdio: ['ignore', log, log],
    ...(command.uid === undefined ? {} : { uid: command.uid }),
    ...(command.gid === undefined ? {} : { gid: command.gid }),
  });
  closeSync(log);
  let exit: ServerExit | undefined;
  const exited = new Promise<ServerExit>((resolve) => {
    child.once('exit', (code, signal) => resolve((exit = { code, signal })));
  });
  await new Promise<void>((resolve, reject) => {
    child.once('spawn', resolve);
    child.once('error', reject);
  });
  const pid = child.pid;
  if (pid === undefined) throw new Error(`${command.command} was started but has no process id.`);
  child.unref();
  return {
    pid,
    exited,
    get exit() {
      return exit;
    },
    async stop(signal, deadlineMs) {
      if (exit) return;
      child.ref();
      await endProcess(pid, signal, deadlineMs);
      await exited;
    },
    kill(signal) {
      if (!exit) sendSignal(pid, signal);
    },
  };
}

/** The size of a log file in bytes; 0 when there is none. Use it as `from` of {@link readLog} to see only what came after. */
export function readLogSize(file: string): number {
  return statSync(file, { throwIfNoEntry: false })?.size ?? 0;
}

/** What was written to a log file from a byte position on; empty when there is none. */
export function readLog(file: string, from = 0): string {
  try {
    return readFileSync(file).subarray(from).toString('utf8').trim();
  } catch {
    return '';
  }
}

function openLog(file: string): number {
  // Kept small without a rotation service: one earlier log is enough to look into yesterday's trouble.
  if (readLogSize(file) > maximumLogBytes) renameSync(file, `${file}.1`);
  return openSync(file, 'a', 0o600);
}
