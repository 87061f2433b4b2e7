import type { Request } from 'express';
import { z } from 'zod';
import { idParameters } from '@daybook/http-contract/routes';
import { ValidationError } from '@daybook/runtime/errors';
import type { FieldFault } from '@daybook/runtime/errors';

type Part = 'body' | 'query' | 'path';
type Issue = z.core.$ZodIssue;

const earliestInstant = Date.UTC(1900, 0, 1);
const latestInstant = Date.UTC(2200, 0, 1);
const instantFields = new Set<PropertyKey | undefined>(['start', 'end', 'from', 'to']);

function pointerOf(part: Part, path: readonly PropertyKey[]): string {
  const segments = path.map((segment) => String(segment));
  if (part === 'query') return `?${segments[0] ?? ''}`;
  if (part === 'path') return `{${segments[0] ?? ''}}`;
  return segments.map((segment) => `/${segment.replaceAll('~', '~0').replaceAll('/', '~1')}`).join('');
}

function wordsOf(issue: Issue): string {
  if (issue.code === 'invalid_type' && issue.message.endsWith('received undefined')) return 'is required';
  if (issue.code === 'invalid_type' && issue.message.startsWith('Invalid input: expected '))
    return `must be ${article(issue.expected)}`;
  return issue.message;
}

function article(type: string): string {
  return `${/^[aeiou]/.test(type) ? 'an' : 'a'} ${type === 'int' ? 'whole number' : type}`;
}

function faultsOf(part: Part, issue: Issue, base: readonly PropertyKey[] = []): FieldFault[] {
  const path = [...base, ...issue.path];
  if (issue.code === 'unrecognized_keys') {
    return issue.keys.map((key) => ({ pointer: pointerOf(part, [...path, key]), message: 'is not a known field' }));
  }
  // Of a choice the first branch is the one meant; the others are spellings of "nothing".
  const branch = issue.code === 'invalid_union' ? issue.errors[0] : undefined;
  if (branch && branch.length > 0) return branch.flatMap((inner) => faultsOf(part, inner, path));
  return [{ pointer: pointerOf(part, path), message: wordsOf(issue) }];
}

/** What passes every schema and yet no database or clock can hold: NUL, half surrogate pairs, instants of other ages. */
function unstorableFaults(part: Part, value: unknown, path: PropertyKey[] = []): FieldFault[] {
  if (typeof value === 'string') return unstorableText(part, value, path);
  if (Array.isArray(value)) return value.flatMap((entry, index) => unstorableFaults(part, entry, [...path, index]));
  if (value === null || typeof value !== 'object') return [];
  return Object.entries(value).flatMap(([key, entry]) => unstorableFaults(part, entry, [...path, key]));
}

function unstorableText(part: Part, text: string, path: PropertyKey[]): FieldFault[] {
  const pointer = pointerOf(part, path);
  if (text.includes('\0') || !text.isWellFormed())
    return [{ pointer, message: 'must be plain Unicode text without NUL' }];
  const instant = Date.parse(text);
  // Wall times (HH:MM) share these names and are no instants.
  if (!instantFields.has(path.at(-1)) || !text.includes('T') || Number.isNaN(instant)) return [];
  if (instant >= earliestInstant && instant < latestInstant) return [];
  return [{ pointer, message: 'must lie between the years 1900 and 2199' }];
}

function readPart<T>(part: Part, schema: z.ZodType<T>, value: unknown, faults: FieldFault[]): T | undefined {
  const parsed = schema.safeParse(value);
  if (!parsed.success) {
    faults.push(...parsed.error.issues.flatMap((issue) => faultsOf(part, issue)));
    return undefined;
  }
  faults.push(...unstorableFaults(part, parsed.data));
  return parsed.data;
}

const maximumVersion = 2_147_483_647;

/** The version of an If-Match header; 0 means "no check". A proxy may have made the tag weak; the version counts. */
function readIfMatch(header: string | undefined, faults: FieldFault[]): number {
  if (header === undefined || header.trim() === '*') return 0;
  const match = /^(?:W\/)?(?:"(\d{1,10})"|(\d{1,10}))$/.exec(header.trim());
  const version = Number(match?.[1] ?? match?.[2]);
  if (match && version >= 1 && version <= maximumVersion) return version;
  faults.push({ pointer: 'If-Match', message: 'must be one ETag as answered, such as "5", or *' });
  return 0;
}

function readIdempotencyKey(header: string | undefined, faults: FieldFault[]): string {
  if (header === undefined) return '';
  if (!/^[\x21-\x7e]{1,255}$/.test(header)) {
    faults.push({ pointer: 'Idempotency-Key', message: 'must be 1 to 255 visible ASCII characters' });
  }
  return header;
}

function headerText(request: Request, name: string): string | undefined {
  const value = request.headers[name];
  return Array.isArray(value) ? value.join(', ') : value;
}

/** Which parts of a request a route reads. */
export type RequestParts<Body, Query> = { body?: z.ZodType<Body>; query?: z.ZodType<Query>; id?: true };

/** A request that passed its schemas. `expectedVersion` 0: no If-Match. `idempotencyKey` empty: none. */
export type ReadRequest<Body, Query> = {
  body: Body;
  query: Query;
  id: string;
  expectedVersion: number;
  idempotencyKey: string;
};

const noQuery = z.strictObject({});

/**
 * Checks path, query, body and headers, and reports every fault together.
 * @throws ValidationError with a pointer for each wrong field
 */
export function readRequest<Body = undefined, Query = Record<string, never>>(
  request: Request,
  parts: RequestParts<Body, Query>,
): ReadRequest<Body, Query> {
  const faults: FieldFault[] = [];
  const id = parts.id ? readPart('path', idParameters, { ...request.params }, faults)?.id : '';
  const query = readPart('query', (parts.query ?? noQuery) as z.ZodType<Query>, { ...request.query }, faults);
  const body = parts.body ? readPart('body', parts.body, request.body as unknown, faults) : undefined;
  const expectedVersion = readIfMatch(headerText(request, 'if-match'), faults);
  const idempotencyKey = readIdempotencyKey(headerText(request, 'idempotency-key'), faults);
  if (faults.length > 0) throw new ValidationError(faults);
  return { body: body as Body, query: query as Query, id: id ?? '', expectedVersion, idempotencyKey };
}

/** Refuses a range that ends before it begins. @throws ValidationError */
export function requireRange(query: { from?: string | undefined; to?: string | undefined }, both = false): void {
  if (both && (query.from === undefined) !== (query.to === undefined)) {
    throw new ValidationError([
      { pointer: query.from === undefined ? '?from' : '?to', message: 'give both from and to, or none' },
    ]);
  }
  if (query.from !== undefined && query.to !== undefined && Date.parse(query.to) <= Date.parse(query.from)) {
    throw new ValidationError([{ pointer: '?to', message: 'must be after from' }]);
  }
}
