import { randomUUID } from 'node:crypto';
import { Secret } from '@daybook/runtime/config';
import { DomainError, ValidationError } from '@daybook/runtime/errors';
import { withTransaction, type Tx } from '@daybook/runtime/postgres';
import { notifyWorkers } from '../db/change-cursor-repository.ts';
import { ensureConnection, lockConnection, type ConnectionChange } from '../db/connection-repository.ts';
import {
  findByTarget,
  findSettings,
  forgetAccount,
  forgetSecrets,
  tellWorkers,
  writeEnding,
  writeKey,
  writeStarted,
  type ConnectionSettings,
} from '../db/connection-settings-repository.ts';
import type { Connection, Ending } from '../domain/connection.ts';
import { changeConnection, forgetEverything } from '../engine/connection-health.ts';
import { CALCOM } from '../events/calendar-sync-events.ts';
import { fingerprintOf, noSuchConnection, openKey, type ConnectionContext } from './connection-context.ts';
import { keyPlace, UnsealableError } from './sealed-secrets.ts';
import { readAddress, testConnection, type ConnectionTest } from './test-connection.ts';

/** What an owner typed. */
export type TypedConnection = { baseUrl: string; apiKey: string };

/** What an owner wants kept. */
export type WantedConnection = TypedConnection & {
  attendeeAddresses: Connection['attendeeAddresses'];
  /** Empty: the operator's default. */
  placeholderDomain: string;
};

const NOT_ASKED_YET = 'Cal.com was not asked yet.';
const PAUSED = 'Look at what starting would do, then start.';
const ENDING = 'Daybook takes away what it made in Cal.com, then the connection ends.';
const domainPattern = /^(?=.{3,253}$)([a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z][a-z0-9-]{0,61}[a-z0-9]$/i;

/**
 * Tries an address and a key without keeping them. Without a key the stored one is tried, but only at the address it is
 * stored for: it is never shown to another.
 * @throws DomainError ADDRESS_NOT_ALLOWED
 */
export async function tryConnection(
  context: ConnectionContext,
  organizationId: string,
  typed: TypedConnection,
): Promise<ConnectionTest> {
  const known = await findByTarget(context.database, organizationId, CALCOM);
  return test(context, typed, known);
}

function test(context: ConnectionContext, typed: TypedConnection, known: ConnectionSettings | undefined) {
  const { rules, timeoutMs, resolve } = context;
  const options = { rules, timeoutMs: Math.min(timeoutMs, 8000), ...(resolve ? { resolve } : {}) };
  return testConnection(typed.baseUrl, keyToTry(context, typed, known), options);
}

function keyToTry(
  context: ConnectionContext,
  typed: TypedConnection,
  known: ConnectionSettings | undefined,
): Secret | undefined {
  if (typed.apiKey !== '') return new Secret(typed.apiKey);
  const url = readAddress(typed.baseUrl);
  if (!known || known.connection.baseUrl === '' || url?.origin !== new URL(known.connection.baseUrl).origin) {
    return undefined;
  }
  try {
    return openKey(context, known);
  } catch (error) {
    // The operator's key was lost: the owner is asked for the API key as if there were none.
    if (error instanceof UnsealableError) return undefined;
    throw error;
  }
}

/**
 * Keeps an address and a key that passed a test. A new connection, and one to another account, is paused until it is
 * started, with nothing assumed to stand there; a new key of the same account goes on at once.
 * @throws DomainError ADDRESS_NOT_ALLOWED, CONNECTION_TEST_FAILED (context `steps`), CONNECTION_MANAGED_BY_OPERATOR,
 *   KEYS_CANNOT_BE_KEPT when the operator gave no key to encrypt with; ValidationError
 */
export async function saveConnection(
  context: ConnectionContext,
  organizationId: string,
  wanted: WantedConnection,
): Promise<string> {
  const { database, sealer } = context;
  if (wanted.placeholderDomain !== '' && !domainPattern.test(wanted.placeholderDomain)) {
    throw new ValidationError([
      { pointer: '/placeholderDomain', message: 'must be a domain such as customers.example.org' },
    ]);
  }
  if (!sealer) {
    const words = 'API keys cannot be kept yet: the operator must set CONNECTION_ENCRYPTION_KEY.';
    throw new DomainError('refused', 'KEYS_CANNOT_BE_KEPT', words);
  }
  const known = await findByTarget(database, organizationId, CALCOM);
  if (known) refuseManaged(known.connection);
  const found = await test(context, wanted, known);
  const key = keyToTry(context, wanted, known);
  if (!found.passed || !found.account || !key) {
    const { steps } = found;
    const words = steps.at(-1)?.message ?? 'Cal.com could not be reached with these particulars.';
    throw new DomainError('refused', 'CONNECTION_TEST_FAILED', words, { context: { steps } });
  }
  const { account } = found;
  return withTransaction(database, async (tx) => {
    const id = await ensureConnection(tx, randomUUID(), organizationId, CALCOM);
    const before = await lockConnection(tx, id);
    if (!before) throw noSuchConnection();
    refuseManaged(before);
    const same = before.accountId === account.id && isSameHost(before.baseUrl, found.baseUrl);
    if (!same) await startAnew(tx, id);
    await writeKey(tx, id, sealer.seal(key, keyPlace(id)));
    await changeConnection(tx, same ? before : withoutAccount(before), {
      ...stateAfterSave(before, same, known?.ending !== undefined),
      ...(same ? {} : { inbound: 'polling' as const }),
      baseUrl: found.baseUrl,
      keyFingerprint: fingerprintOf(key),
      accountId: account.id,
      accountName: account.name,
      profile: found.profile,
      attendeeAddresses: wanted.attendeeAddresses,
      placeholderDomain: wanted.placeholderDomain,
    });
    await tellWorkers(tx, id);
    return id;
  });
}

/** Another account or server: what we recorded stands elsewhere, and what we were ending there is out of reach. */
async function startAnew(tx: Tx, id: string): Promise<void> {
  await forgetEverything(tx, id);
  await forgetAccount(tx, id);
  await forgetSecrets(tx, id);
}

function withoutAccount(connection: Connection): Connection {
  return { ...connection, accountId: '', accountName: '', lastSuccessAt: undefined, lastPollAt: undefined };
}

function stateAfterSave(
  before: Connection,
  same: boolean,
  ending: boolean,
): Pick<ConnectionChange, 'state' | 'message'> {
  if (!same || before.state === 'off' || before.state === 'paused') return { state: 'paused', message: PAUSED };
  return { state: 'unreachable', message: ending ? ENDING : NOT_ASKED_YET };
}

function isSameHost(one: string, other: string): boolean {
  return one !== '' && new URL(one).origin === new URL(other).origin;
}

/**
 * Begins to work for a paused connection, or goes on with one that was being ended. One that works already is left alone.
 * @throws DomainError CONNECTION_NOT_FOUND, also when it was never set up
 */
export async function startConnection(context: ConnectionContext, organizationId: string, id: string): Promise<void> {
  await withTransaction(context.database, async (tx) => {
    const { before, settings } = await lockOwn(tx, organizationId, id);
    if (before.state === 'off') throw noSuchConnection();
    if (before.state !== 'paused' && !settings.ending) return;
    await writeStarted(tx, id);
    await changeConnection(tx, before, { state: 'unreachable', message: NOT_ASKED_YET });
    await tellWorkers(tx, id);
    await notifyWorkers(tx);
  });
}

/**
 * Ends a connection. What is to be taken away there first is kept as a task that survives crashes; asked again with
 * nothing to take away, it is off at once, whatever was still to do.
 * @throws DomainError CONNECTION_NOT_FOUND, CONNECTION_MANAGED_BY_OPERATOR
 */
export async function disconnect(
  context: ConnectionContext,
  organizationId: string,
  id: string,
  ending: Ending,
): Promise<void> {
  await withTransaction(context.database, async (tx) => {
    const { before, settings } = await lockOwn(tx, organizationId, id);
    refuseManaged(before);
    const asked = ending.cancelBookings || ending.hideEventTypes;
    // A webhook left behind does no harm: it is refused. It is not worth waiting for a Cal.com that is away.
    const webhookInReach = settings.webhook.id !== '' && before.state === 'connected' && !settings.ending;
    const working = before.state !== 'off' && before.state !== 'paused';
    if (working && (asked || webhookInReach)) {
      await writeEnding(tx, id, ending);
      await changeConnection(tx, before, { message: ENDING });
    } else {
      await turnOff(tx, before);
    }
    await tellWorkers(tx, id);
  });
}

/** The connection is over: nothing is sent, no key is kept, changes are still recorded. */
export async function turnOff(tx: Tx, before: Connection): Promise<void> {
  await forgetSecrets(tx, before.id);
  await changeConnection(tx, before, { state: 'off', message: '', inbound: 'polling' });
}

async function lockOwn(tx: Tx, organizationId: string, id: string) {
  const before = await lockConnection(tx, id);
  const settings = await findSettings(tx, organizationId, id);
  if (!before || !settings) throw noSuchConnection();
  return { before, settings };
}

function refuseManaged({ managedByOperator }: Connection): void {
  if (!managedByOperator) return;
  const words = 'The operator set this connection up where Daybook is installed.';
  throw new DomainError('taken', 'CONNECTION_MANAGED_BY_OPERATOR', words);
}
