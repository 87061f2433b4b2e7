import './schema-setup.ts';
import type { TFunction } from 'i18next';
import type { z } from 'zod';

/** What is wrong with a form, by JSON pointer into the request's body. */
export type Faults = ReadonlyMap<string, string>;

/** No faults. */
export const noFaults: Faults = new Map();

/** Sentences of the contract that occur in forms, with the key of their words. Others are shown as they come. */
const known: Readonly<
  Record<string, 'faults.required' | 'faults.email' | 'faults.minutesLeast' | 'faults.minutesMost'>
> = {
  'is required': 'faults.required',
  'must be an e-mail address': 'faults.email',
  'must be at least 5 minutes': 'faults.minutesLeast',
  'must be at most 1440 minutes (a day)': 'faults.minutesMost',
};

/** A contract's sentence in the reader's language. */
export function translateFault(message: string, t: TFunction): string {
  const key = known[message];
  return key === undefined ? message : t(key);
}

/** Checks a body by the schema the gateway uses: either the body as given, or what is wrong with it. */
export function checkBody<Body>(
  schema: z.ZodType<unknown, Body>,
  body: Body,
  t: TFunction,
): { body: Body; faults?: undefined } | { body?: undefined; faults: Faults } {
  const parsed = schema.safeParse(body);
  if (parsed.success) return { body };
  const faults = new Map<string, string>();
  for (const issue of parsed.error.issues) {
    const pointer = `/${issue.path.map(String).join('/')}`;
    if (!faults.has(pointer)) faults.set(pointer, translateFault(innermost(issue), t));
  }
  return { faults };
}

/** A union reports "invalid input"; what helps is the first sentence of its first branch. */
function innermost(issue: z.core.$ZodIssue): string {
  if (issue.code !== 'invalid_union') return issue.message;
  const first = issue.errors[0]?.[0];
  return first === undefined ? issue.message : innermost(first);
}
