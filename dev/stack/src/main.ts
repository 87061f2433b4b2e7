import { ConfigError } from '@daybook/runtime/config';
import { resolve } from 'node:path';
import { assertDemoAllowed, fillDemoPractice } from './demo.ts';
import { formatLogLine } from './log-lines.ts';
import { portVariables, readSettings, type Settings } from './settings.ts';
import { PortsTakenError } from './stack-layout.ts';
import { killStack, startStack, type Stack, type StackOptions } from './start-stack.ts';
import { buildWeb, isWebStale } from './web-build.ts';

/** Settings of single processes that `npm start` hands on when they are set. */
const handedOn = {
  all: ['LOG_LEVEL'],
  auth: ['ORGANIZATION_NAME'],
  scheduling: ['DEFAULT_TIME_ZONE', 'DEFAULT_COUNTRY'],
  'calcom-sync': [
    'CALCOM_PROFILE',
    'CALCOM_ATTENDEES',
    'PLACEHOLDER_EMAIL_DOMAIN',
    'CALCOM_ALLOWED_HOSTS',
    'PUBLIC_URL',
  ],
  gateway: ['PUBLIC_URL', 'TRUSTED_PROXIES', 'SOURCE_URL', 'RATE_LIMIT_PER_MINUTE', 'LOGIN_RATE_PER_MINUTE'],
} as const;
const usage = `Usage: npm start [-- --demo] [-- --reset-owner] [-- --turn-off-second-factor]
  --demo         fill a new practice with customers and appointments to look at
  --reset-owner  give the owner a new password (OWNER_PASSWORD, else a generated one) and end their sessions
  --turn-off-second-factor  let the owner in by the password alone, when app and recovery codes are lost`;

const colour = process.stdout.isTTY && !process.env['NO_COLOR'];
const say = (line: string) => process.stdout.write(`${line}\n`);
const logLine = (name: string, line: string) => say(formatLogLine(name, line, { colour }));

async function main(): Promise<void> {
  const flags = readFlags();
  const settings = readSettings(process.env);
  if (flags.demo) assertDemoAllowed(settings.calcomApiUrl);
  const interrupt = new AbortController();
  let stack: Stack | undefined;
  let interrupted = false;
  const onSignal = () => {
    if (interrupted) {
      killStack(settings.dataDirectory);
      process.exit(1);
    }
    interrupted = true;
    say('Stopping … (once more to force)');
    interrupt.abort();
    void stack?.stop().then(() => process.exit(0));
  };
  process.on('SIGINT', onSignal);
  process.on('SIGTERM', onSignal);
  process.on('SIGHUP', onSignal);

  try {
    await prepareWeb();
    interrupt.signal.throwIfAborted();
    stack = await startStack({ ...stackOptions(settings, flags), signal: interrupt.signal });
  } catch (error) {
    if (interrupted) {
      await stack?.stop();
      process.exit(0);
    }
    await stack?.stop();
    throw error;
  }
  if (interrupted) return;
  announce(stack, flags.resetOwner);
  if (flags.demo) await fillDemoPractice(stack, say).catch((error: unknown) => interrupted || say(explain(error)));
}

type Flags = { demo: boolean; resetOwner: boolean; turnOffSecondFactor: boolean };

function readFlags(): Flags {
  const given = process.argv.slice(2);
  const known = ['--demo', '--reset-owner', '--turn-off-second-factor'];
  const unknown = given.filter((flag) => !known.includes(flag));
  if (unknown.length > 0) throw new ConfigError([`unknown argument ${unknown.join(' ')}`, usage]);
  return {
    demo: given.includes('--demo'),
    resetOwner: given.includes('--reset-owner'),
    turnOffSecondFactor: given.includes('--turn-off-second-factor'),
  };
}

function stackOptions(settings: Settings, flags: Flags): StackOptions {
  const pick = (names: readonly string[]) =>
    Object.fromEntries(names.flatMap((name) => (process.env[name] ? [[name, process.env[name]]] : [])));
  const envFor = (name: Exclude<keyof typeof handedOn, 'all'>) => pick([...handedOn.all, ...handedOn[name]]);
  return {
    ...dropUndefined(settings),
    // A terminal is for what matters; with LOG_LEVEL set somebody wants to see everything.
    routine: process.env['LOG_LEVEL'] !== undefined,
    dataDirectory: resolve(settings.dataDirectory),
    resetOwner: flags.resetOwner,
    turnOffSecondFactor: flags.turnOffSecondFactor,
    // The sandbox's usual limit, that of Cal.com, would make the demo's first synchronisation last minutes.
    ...(flags.demo ? { sandboxRateLimitPerMinute: 100_000 } : {}),
    extraEnv: {
      auth: envFor('auth'),
      scheduling: envFor('scheduling'),
      'calcom-sync': envFor('calcom-sync'),
      gateway: envFor('gateway'),
    },
    log: say,
    colour,
  };
}

type Present<T> = { [K in keyof T]?: Exclude<T[K], undefined> };

function dropUndefined<T extends object>(value: T): Present<T> {
  return Object.fromEntries(Object.entries(value).filter(([, each]) => each !== undefined)) as Present<T>;
}

async function prepareWeb(): Promise<void> {
  if (!(await isWebStale())) return;
  say('Building the web app …');
  await buildWeb(logLine);
}

function announce(stack: Stack, reset: boolean): void {
  const { owner } = stack;
  if (stack.sandboxUrl) say(`Cal.com stand-in: ${stack.sandboxUrl}`);
  if (owner.created && !process.env['OWNER_PASSWORD']) {
    say(
      box([
        reset ? 'The owner has a new password:' : 'Your practice is ready. Sign in as its owner:',
        '',
        `  user name  ${owner.username}`,
        `  password   ${owner.password}`,
        '',
        'The password is shown only this once. Forgotten? npm start -- --reset-owner',
      ]),
    );
  }
  say(`ready ${stack.gatewayUrl}`);
}

function box(lines: string[]): string {
  const width = Math.max(...lines.map((line) => line.length));
  const edge = '─'.repeat(width + 4);
  return [`┌${edge}┐`, ...lines.map((line) => `│  ${line.padEnd(width)}  │`), `└${edge}┘`].join('\n');
}

function explain(error: unknown): string {
  if (error instanceof ConfigError) return error.faults.join('\n');
  if (error instanceof PortsTakenError) {
    const lines = error.taken.map(({ name, port }) => {
      const { variable } = portVariables[name];
      return `Port ${port} is in use. Set ${variable} to another one (0 = any free port).`;
    });
    return lines.join('\n');
  }
  return error instanceof Error ? error.message : String(error);
}

try {
  await main();
} catch (error) {
  process.stderr.write(`${explain(error)}\n`);
  process.exit(1);
}
