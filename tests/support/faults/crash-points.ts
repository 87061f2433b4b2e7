/**
 * Named points at which a process ends itself with SIGKILL. This module belongs to the tests: it is loaded into a service
 * from outside (`NODE_OPTIONS=--import=<this file>`), no code of the product knows of it, and the images do not hold it, so
 * nothing can be armed by accident where people work. A point is armed by a file of its name in the folder that
 * DAYBOOK_CRASH_DIRECTORY names; whoever removes the file dies, so that one of several replicas does, once.
 */
import { unlinkSync } from 'node:fs';
import http from 'node:http';
import { syncBuiltinESMExports } from 'node:module';
import { join } from 'node:path';
import pg from 'pg';
import type { CrashPoint } from './arm-crash-point.ts';

const folder = process.env['DAYBOOK_CRASH_DIRECTORY'];
if (!folder) throw new Error('crash points are for tests: DAYBOOK_CRASH_DIRECTORY must name the folder that arms them');

/** Ends this process here and now if the point is armed. */
function strike(point: CrashPoint): void {
  if (!takes(point)) return;
  process.kill(process.pid, 'SIGKILL');
  // Nothing of ours may run between the signal and its delivery.
  for (;;) Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 1000);
}

function takes(point: CrashPoint): boolean {
  try {
    unlinkSync(join(folder!, point));
    return true;
  } catch {
    return false;
  }
}

type Statement = { text?: string; name?: string };
type Wired = { connection: { stream: { uncork(): void } } };
type Query = (this: pg.Client, ...args: unknown[]) => unknown;

const original = Reflect.get(pg.Client.prototype, 'query') as unknown as Query;
/** What the transaction of a connection did that a point asks about. */
const did = new WeakMap<pg.Client, 'booking' | 'event'>();
const held = new WeakSet<pg.Client>();

function statementOf(argument: unknown): Statement {
  if (typeof argument === 'string') return { text: argument };
  return typeof argument === 'object' && argument !== null ? argument : {};
}

/** Sends the booking by itself, with no COMMIT behind it, and dies once the database has done it. */
function insertAlone(client: pg.Client, args: unknown[]): Promise<never> {
  held.add(client);
  const sent = Promise.resolve(original.apply(client, args));
  (client as unknown as Wired).connection.stream.uncork();
  return sent.then(
    () => {
      process.kill(process.pid, 'SIGKILL');
      return new Promise<never>(() => undefined);
    },
    (error: unknown) => {
      // The time was taken: there is no insert to die after.
      held.delete(client);
      throw error;
    },
  );
}

const watched: Query = function (...args) {
  const { text, name } = statementOf(args[0]);
  if (name === 'relay-mark') strike('after-publish');
  if (name === 'inbox-insert') did.set(this, 'event');
  if (name === 'write_booking') {
    strike('before-insert');
    did.set(this, 'booking');
    if (takes('after-insert')) return insertAlone(this, args);
  }
  if (text !== 'COMMIT') return original.apply(this, args);
  if (held.has(this)) return new Promise(() => undefined);
  const what = did.get(this);
  did.delete(this);
  const answer = original.apply(this, args) as Promise<{ command: string }>;
  if (what === undefined) return answer;
  return answer.then((result) => {
    if (result.command === 'COMMIT') strike(what === 'booking' ? 'after-commit' : 'before-acknowledgement');
    return result;
  });
};
Reflect.set(pg.Client.prototype, 'query', watched);

const request = http.request;
http.request = function (this: unknown, ...args: Parameters<typeof http.request>) {
  const sent = request.apply(http, args);
  sent.prependListener('response', (response) => {
    const path = sent.path.split('?')[0];
    if (sent.method === 'POST' && path === '/v2/bookings' && response.statusCode === 201) strike('after-201');
  });
  return sent;
} as typeof http.request;
syncBuiltinESMExports();
