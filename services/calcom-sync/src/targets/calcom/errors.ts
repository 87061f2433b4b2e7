import { findDomainError } from '@daybook/runtime/errors';
import { TargetError, type RefusalReason } from '../target.ts';

/** What an answer other than success says, in whichever of Cal.com's error shapes it came. */
export type ErrorAnswer = { status: number; headers: Headers; body: unknown };

/** Milliseconds to wait when a throttled answer names no time. */
const DEFAULT_PAUSE_MS = 60_000;
/** Milliseconds: the longest wait an answer can ask of us. The windows of the API are a minute; more is a mistake of its. */
export const MAX_WAIT_MS = 15 * 60_000;
/** Numbers above these are no wait but an instant: seconds and milliseconds since 1970. */
const EPOCH_SECONDS_FROM = 1e9;
const EPOCH_MILLISECONDS_FROM = 1e12;

const neverSent = new Set([
  'ECONNREFUSED',
  'ENOTFOUND',
  'EAI_AGAIN',
  'EHOSTUNREACH',
  'ENETUNREACH',
  'UND_ERR_CONNECT_TIMEOUT',
  'CERT_HAS_EXPIRED',
  'DEPTH_ZERO_SELF_SIGNED_CERT',
  'UNABLE_TO_VERIFY_LEAF_SIGNATURE',
  'ERR_TLS_CERT_ALTNAME_INVALID',
]);

/** Turns an answer that is no success into the fault it means. */
export function faultFromAnswer(answer: ErrorAnswer): TargetError {
  const { fault, words } = classify(answer);
  return new TargetError(fault, words, { status: answer.status });
}

function classify(answer: ErrorAnswer): TargetError {
  const { status, body } = answer;
  if (status === 429) return new TargetError({ kind: 'throttled', retryAfterMs: pauseOf(answer.headers) }, busyWords);
  if (status === 408 || status === 502 || status === 504) return unavailable('possible', status);
  if (status >= 500) return unavailable('answered', status);
  const message = messageOf(body);
  if (message === undefined) return garbage(`an answer with status ${status} that is not from its API`);
  if (status === 401) return unauthorized();
  if (status === 403 && /Guard/.test(message)) return unauthorized();
  const reason = reasonOf(status, message);
  return reason ? refused(reason, message) : garbage(`an unexpected answer with status ${status}`);
}

/** Turns what fetch or the breaker threw into the fault it means. */
export function faultFromThrown(error: unknown): TargetError {
  if (error instanceof TargetError) return error;
  const domain = findDomainError(error);
  if (domain?.code === 'BREAKER_OPEN') {
    return new TargetError({ kind: 'unavailable', effect: 'none' }, unreachableWords, { cause: error });
  }
  const effect = neverSent.has(codeOf(error)) ? 'none' : 'possible';
  return new TargetError({ kind: 'unavailable', effect }, unreachableWords, { cause: error });
}

/** An answer that cannot be read. */
export function garbage(what: string): TargetError {
  return new TargetError({ kind: 'garbage' }, `Cal.com gave ${what}. Daybook tries again by itself.`);
}

/** A decision of Cal.com against this booking. */
export function refused(reason: RefusalReason, message = ''): TargetError {
  return new TargetError({ kind: 'refused', reason }, refusalWords(reason, message));
}

const unreachableWords = 'Cal.com does not answer. Daybook keeps trying by itself.';
const busyWords = 'Cal.com asked for a pause because of too many calls. Daybook goes on by itself.';

function unavailable(effect: 'answered' | 'possible', status: number): TargetError {
  return new TargetError(
    { kind: 'unavailable', effect },
    `Cal.com has trouble (status ${status}). Daybook keeps trying by itself.`,
  );
}

function unauthorized(): TargetError {
  return new TargetError(
    { kind: 'unauthorized' },
    'Cal.com does not take the API key: it is wrong, expired or was withdrawn. Make a new one in Cal.com and give it to Daybook.',
  );
}

function reasonOf(status: number, message: string): RefusalReason | undefined {
  if (status === 409) return 'not_available';
  if (status === 403) return 'forbidden';
  if (status === 404) return absenceOf(message);
  if (status !== 400 && status !== 422) return undefined;
  if (/already has booking|not available|no_available_users|hosts_unavailable|booking_conflict/i.test(message)) {
    return 'not_available';
  }
  if (/in the past|already ended/i.test(message)) return 'past';
  if (/can't be booked at the "start" time/i.test(message)) return 'out_of_bounds';
  if (/has been cancelled/i.test(message)) return 'gone';
  if (/lengthInMinutes/.test(message)) return 'setup_missing';
  return 'invalid';
}

/** A 404 means what it names; one that names nothing of ours is a wrong address, not an answer. */
function absenceOf(message: string): RefusalReason | undefined {
  if (/event.?type/i.test(message) && /not (be )?found/i.test(message)) return 'setup_missing';
  if (/schedule with id/i.test(message)) return 'gone';
  if (/booking with (uid|id)=.*not found/i.test(message)) return 'gone';
  return undefined;
}

function refusalWords(reason: RefusalReason, message: string): string {
  switch (reason) {
    case 'not_available':
      return 'Cal.com says this time is taken there: by a booking made in Cal.com or by a calendar linked to it.';
    case 'out_of_bounds':
    case 'past':
      return 'Cal.com takes no change to an appointment that has begun or is too near.';
    case 'gone':
      return 'Cal.com no longer has this booking.';
    case 'forbidden':
      return 'Cal.com does not permit this booking for this customer.';
    case 'setup_missing':
      return 'The event type Daybook uses in Cal.com is missing or was changed; Daybook sets it up again.';
    case 'invalid':
      return `Cal.com refused this booking: ${withoutAddresses(message)}`;
  }
}

/** Cal.com's texts may quote the attendee; what we keep and log must not. */
function withoutAddresses(message: string): string {
  return message.replaceAll(/\S+@\S+/g, '[address]').slice(0, 200);
}

function messageOf(body: unknown): string | undefined {
  if (!isRecord(body)) return undefined;
  const error = isRecord(body['error']) ? body['error'] : undefined;
  const message = error?.['message'] ?? body['message'] ?? error?.['code'];
  const text = Array.isArray(message) ? message.join(', ') : message;
  if (typeof text !== 'string') return undefined;
  return `${text} ${validationText(error)}`.trim();
}

/** The global validation answer hides the named properties in details.errors[]. */
function validationText(error: Record<string, unknown> | undefined): string {
  const details = error?.['details'];
  const errors = isRecord(details) ? details['errors'] : undefined;
  if (!Array.isArray(errors)) return '';
  return errors
    .map((item: unknown) => (isRecord(item) && typeof item['property'] === 'string' ? item['property'] : ''))
    .join(' ');
}

function pauseOf(headers: Headers): number {
  const named = retryAfterOf(headers) ?? waitIn(headerByPrefix(headers, 'x-ratelimit-reset'), dateOf(headers));
  return named === undefined ? DEFAULT_PAUSE_MS : Math.max(1000, named);
}

/** Told in seconds or, as HTTP also permits, as a date; one that has passed says nothing. */
function retryAfterOf(headers: Headers): number | undefined {
  const text = headers.get('retry-after');
  const now = dateOf(headers);
  const wait = waitIn(text, now);
  if (wait !== undefined || text === null || Number.isFinite(Number(text))) return wait;
  const until = Date.parse(text) - now;
  return Number.isNaN(until) || until < 0 ? undefined : Math.min(until, MAX_WAIT_MS);
}

/**
 * The wait a header asks for, in milliseconds from 0 to MAX_WAIT_MS. Some hosts tell the instant of the reset in place of
 * the seconds until it; one that has passed says nothing about when to go on.
 * @param now epoch milliseconds by the clock there
 */
export function waitIn(text: string | null, now: number): number | undefined {
  const value = seconds(text);
  if (value === undefined) return undefined;
  const wait = value < EPOCH_SECONDS_FROM ? value * 1000 : instantOf(value) - now;
  return wait < 0 ? undefined : Math.min(wait, MAX_WAIT_MS);
}

function instantOf(value: number): number {
  return value < EPOCH_MILLISECONDS_FROM ? value * 1000 : value;
}

/** The clock there as an answer tells it, epoch milliseconds; ours where it tells none. */
export function dateOf(headers: Headers): number {
  const told = Date.parse(headers.get('date') ?? '');
  return Number.isNaN(told) ? Date.now() : told;
}

/** The rate headers carry the name of the limit as a suffix, so they are found by their beginning. */
export function headerByPrefix(headers: Headers, prefix: string): string | null {
  for (const [name, value] of headers) if (name.startsWith(prefix)) return value;
  return null;
}

/** A header's non-negative number of seconds, if it is one. */
export function seconds(text: string | null): number | undefined {
  if (text === null || text.trim() === '') return undefined;
  const value = Number(text);
  return Number.isFinite(value) && value >= 0 ? value : undefined;
}

function codeOf(error: unknown): string {
  for (let current = error, depth = 0; isRecord(current) && depth < 6; current = current['cause'], depth += 1) {
    const code = current['code'];
    if (typeof code === 'string') return code;
    const errors = current['errors'];
    if (Array.isArray(errors) && errors.length > 0) return codeOf(errors[0]);
  }
  return '';
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null;
}
