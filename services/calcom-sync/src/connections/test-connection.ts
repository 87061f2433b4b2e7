import type { Secret } from '@daybook/runtime/config';
import { DomainError } from '@daybook/runtime/errors';
import { mayConnectTo, refuseAddress, type AddressRules } from '../targets/calcom/base-url.ts';
import { apiVersions } from '../targets/calcom/client.ts';
import { allowedAddresses, type Resolve } from '../targets/calcom/pinned-lookup.ts';
import { createTransport, type IncomingAnswer, type Transport } from '../targets/calcom/transport.ts';
import { explainNetworkFault } from './network-words.ts';
import { looksLikeCalcom, messageIn, readAccount, recordIn, type CalcomAccount } from './test-answers.ts';

/** The steps of a test, in their order. */
export type StepName =
  'address' | 'name_lookup' | 'tls' | 'reachable' | 'base_path' | 'api_version' | 'key' | 'permissions' | 'account';

/** One step, in words. */
export type TestStep = { step: StepName; passed: boolean; message: string };

/** What a test found. `baseUrl` is the address that works, with /v2; a failed test may suggest one. */
export type ConnectionTest = {
  passed: boolean;
  steps: TestStep[];
  baseUrl: string;
  profile: 'hosted' | 'self_hosted' | '';
  account: CalcomAccount | undefined;
};

/** How tests are made; `timeoutMs` is for each request. */
export type TestOptions = { rules: AddressRules; timeoutMs: number; resolve?: Resolve };

/** Milliseconds: a whole test ends by then, however slow each answer is. */
const WHOLE_TEST_MS = 20_000;
/** Understood by hosted Cal.com only; a self-hosted one answers it in its oldest shape. */
const HOSTED_LIST_VERSION = '2026-05-01';
const SLOTS_VERSION = '2024-09-04';

/** Ends a test at its first failed step. */
class FailedStep extends Error {
  readonly failed: TestStep;
  constructor(step: StepName, message: string) {
    super(message);
    this.failed = { step, passed: false, message };
  }
}

/** The address as typed, made whole: https unless told, nothing after the path. Undefined when it is none. */
export function readAddress(typed: string): URL | undefined {
  const text = /^[a-z][a-z0-9+.-]*:\/\//i.test(typed.trim()) ? typed.trim() : `https://${typed.trim()}`;
  if (!URL.canParse(text)) return undefined;
  const url = new URL(text);
  url.search = '';
  url.hash = '';
  url.pathname = url.pathname.replace(/\/+$/, '');
  return url;
}

/**
 * Tries an address and a key step by step, and says in words what was found. The key is shown only to what has answered
 * as a Cal.com API does.
 * @throws DomainError ADDRESS_NOT_ALLOWED when the rules do not permit the address, whatever might answer there
 */
export async function testConnection(
  typed: string,
  apiKey: Secret | undefined,
  options: TestOptions,
): Promise<ConnectionTest> {
  const found: ConnectionTest = { passed: false, steps: [], baseUrl: '', profile: '', account: undefined };
  const pass = (step: StepName, message: string): void => void found.steps.push({ step, passed: true, message });
  let transport: Transport | undefined;
  try {
    const url = readAddress(typed);
    if (!url) throw new FailedStep('address', 'This is not an address. One looks like https://api.cal.com/v2.');
    const refusal = refuseAddress(url.href, options.rules);
    if (refusal) throw notAllowed(refusal);
    pass('address', 'The address can be used.');
    const mayConnect = mayConnectTo(url, options.rules);
    await lookUp(url, mayConnect, options.resolve);
    pass('name_lookup', 'The name is known.');
    transport = createTransport(mayConnect, options.resolve ? { resolve: options.resolve } : {});
    const probe = createProbe(transport, options.timeoutMs);
    found.baseUrl = await findBasePath(probe, url, found, pass);
    await checkVersions(probe, found.baseUrl);
    pass('api_version', 'The API takes the versions Daybook speaks.');
    await checkAccess(probe, found, apiKey, pass);
    found.passed = true;
  } catch (error) {
    if (!(error instanceof FailedStep)) throw error;
    found.steps.push(error.failed);
  } finally {
    transport?.close();
  }
  return found;
}

function notAllowed(words: string): DomainError {
  return new DomainError('refused', 'ADDRESS_NOT_ALLOWED', words);
}

async function lookUp(url: URL, mayConnect: (address: string) => boolean, resolve?: Resolve): Promise<void> {
  try {
    await allowedAddresses(url.hostname, mayConnect, resolve);
  } catch (error) {
    throw toFailedStep(error);
  }
}

function toFailedStep(error: unknown): Error {
  if (error instanceof FailedStep) return error;
  const { step, words, notAllowed: forbidden } = explainNetworkFault(error);
  return forbidden ? notAllowed(words) : new FailedStep(step, words);
}

/** One GET; `key` is sent when given. Network faults come out as failed steps. */
type Probe = (address: string, version: string, key?: Secret) => Promise<IncomingAnswer>;

function createProbe(transport: Transport, timeoutMs: number): Probe {
  const whole = AbortSignal.timeout(WHOLE_TEST_MS);
  return async (address, version, key) => {
    const headers = {
      accept: 'application/json',
      'cal-api-version': version,
      ...(key ? { authorization: `Bearer ${key.reveal()}` } : {}),
    };
    const signal = AbortSignal.any([whole, AbortSignal.timeout(timeoutMs)]);
    try {
      return await transport.exchange({ url: address, method: 'GET', headers, signal });
    } catch (error) {
      throw toFailedStep(signal.aborted ? Object.assign(new Error('late'), { code: 'ETIMEDOUT' }) : error);
    }
  };
}

/** Finds where below the address the API answers, asking without the key. */
async function findBasePath(
  probe: Probe,
  url: URL,
  found: ConnectionTest,
  pass: (step: StepName, message: string) => void,
): Promise<string> {
  const path = url.pathname.replace(/\/$/, '');
  const meant = path.endsWith('/v2') ? [path] : path === '' ? ['/v2', '/api/v2'] : [`${path}/v2`];
  const others = ['/v2', '/api/v2'].filter((other) => !meant.includes(other));
  let first: IncomingAnswer | undefined;
  for (const candidate of [...meant, ...others]) {
    const answer = await probe(`${url.origin}${candidate}/me`, apiVersions.me);
    if (!first && url.protocol === 'https:') pass('tls', 'The certificate is good.');
    first ??= answer;
    if (!looksLikeCalcom(answer)) continue;
    pass('reachable', 'The server answers.');
    found.baseUrl = `${url.origin}${candidate}`;
    if (!meant.includes(candidate)) {
      throw new FailedStep('base_path', `The API is not at this path. Use ${found.baseUrl}.`);
    }
    pass('base_path', `The API answers at ${found.baseUrl}.`);
    return found.baseUrl;
  }
  if (first && first.status >= 500) {
    throw new FailedStep('reachable', `The server is in trouble (status ${first.status}). Try again when it is well.`);
  }
  pass('reachable', 'The server answers.');
  throw new FailedStep('base_path', noApiWords(first));
}

function noApiWords(answer: IncomingAnswer | undefined): string {
  const to = answer?.headers.get('location');
  if (answer && answer.status >= 300 && answer.status < 400 && to && URL.canParse(to)) {
    return `The server sends callers on to ${new URL(to).origin}. Use the address it sends to.`;
  }
  return (
    'A server answers here, but it is not the API of Cal.com. For Cal.com itself use https://api.cal.com/v2; a self-hosted ' +
    'one has its API at a host or port of its own, or below /api/v2.'
  );
}

/** The list of starts exists in newer versions only, so it tells whether our version header arrives. */
async function checkVersions(probe: Probe, baseUrl: string): Promise<void> {
  const question = 'eventTypeId=1&start=2035-01-01&end=2035-01-02';
  const answer = await probe(`${baseUrl}/slots?${question}`, SLOTS_VERSION);
  if (answer.status !== 404 || !/^Cannot GET/.test(messageIn(answer))) return;
  const words =
    'The API does not take the version Daybook speaks. Either a proxy in between drops the header cal-api-version, or this ' +
    'Cal.com is too old.';
  throw new FailedStep('api_version', words);
}

async function checkAccess(
  probe: Probe,
  found: ConnectionTest,
  apiKey: Secret | undefined,
  pass: (step: StepName, message: string) => void,
): Promise<void> {
  if (!apiKey)
    throw new FailedStep('key', 'No API key was given. Make one in Cal.com under Settings, Developer, API keys.');
  if (!/^[\x21-\x7e]+$/.test(apiKey.reveal())) {
    throw new FailedStep('key', 'The API key holds characters that no key has. Copy it again.');
  }
  const me = await probe(`${found.baseUrl}/me`, apiVersions.me, apiKey);
  refuseUnless(me, 'key', apiKey);
  pass('key', 'The API key is taken.');
  const lists = [
    ['event types', '/event-types', apiVersions.eventTypes],
    ['schedules', '/schedules', apiVersions.schedules],
    ['webhooks', '/webhooks?take=1', apiVersions.webhooks],
    ['bookings', '/bookings?take=1', apiVersions.bookings],
  ] as const;
  for (const [what, path, version] of lists) {
    const answer = await probe(`${found.baseUrl}${path}`, version, apiKey);
    if (answer.status === 403) {
      throw new FailedStep('permissions', `The API key may not read ${what}. Make one for an account that may.`);
    }
    refuseUnless(answer, 'permissions', apiKey);
  }
  pass('permissions', 'The API key may do what Daybook needs.');
  found.profile = await findProfile(probe, found.baseUrl, apiKey);
  found.account = readAccount(me);
  if (!found.account) throw new FailedStep('account', 'Cal.com does not say whose key this is.');
  const { name, email } = found.account;
  pass('account', `The key belongs to ${[name, email].filter((text) => text !== '').join(', ')}.`);
}

/** @throws FailedStep unless the answer is a success */
function refuseUnless(answer: IncomingAnswer, step: StepName, key: Secret): void {
  const { status } = answer;
  if (status >= 200 && status < 300 && recordIn(answer)) return;
  if (status === 401) throw new FailedStep('key', keyWords(messageIn(answer), key));
  if (status === 403) throw new FailedStep(step, 'Cal.com forbids this to the account of this API key.');
  if (status === 429) {
    throw new FailedStep(step, 'Cal.com asks for a pause because of too many calls. Try again in a minute.');
  }
  if (status >= 500) throw new FailedStep('reachable', `Cal.com is in trouble (status ${status}). Try again later.`);
  throw new FailedStep(step, `Cal.com gave an answer that cannot be read (status ${status}).`);
}

function keyWords(message: string, key: Secret): string {
  if (/expired/i.test(message)) return 'The API key has expired. Make a new one in Cal.com.';
  if (/No authentication method/i.test(message)) {
    return 'The API key does not arrive: a proxy in between drops the header Authorization.';
  }
  const shape = key.reveal().startsWith('cal_') ? '' : ' Keys of Cal.com usually begin with cal_.';
  return `The API key is not valid: mistyped, withdrawn, or of another Cal.com.${shape}`;
}

async function findProfile(probe: Probe, baseUrl: string, apiKey: Secret): Promise<'hosted' | 'self_hosted'> {
  const { hostname } = new URL(baseUrl);
  if (hostname === 'cal.com' || hostname.endsWith('.cal.com')) return 'hosted';
  const answer = await probe(`${baseUrl}/bookings?limit=1`, HOSTED_LIST_VERSION, apiKey);
  return answer.status === 200 && Array.isArray(recordIn(answer)?.['data']) ? 'hosted' : 'self_hosted';
}
