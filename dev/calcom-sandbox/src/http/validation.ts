import type { FieldProblem } from './errors.ts';

/** A check of one property's value; answers the problem or nothing. */
export type Rule = (value: unknown, property: string) => FieldProblem | undefined;

/** The known properties of a body. */
export type Shape = Record<string, Rule>;

/** Whether a value is a plain JSON object. */
export function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function problem(property: string, constraint: string, text: string): FieldProblem {
  return { property, children: [], constraints: { [constraint]: text } };
}

function when(test: (value: unknown) => boolean, constraint: string, text: (property: string) => string): Rule {
  return (value, property) => (test(value) ? undefined : problem(property, constraint, text(property)));
}

/** Makes a rule pass when the property is absent or null. */
export function optional(rule: Rule): Rule {
  return (value, property) => (value === undefined || value === null ? undefined : rule(value, property));
}

/** A string. */
export const text: Rule = when(
  (v) => typeof v === 'string',
  'isString',
  (p) => `${p} must be a string`,
);

/** A string that is not empty. */
export const filledText: Rule = when(
  (v) => typeof v === 'string' && v !== '',
  'isNotEmpty',
  (p) => `${p} should not be empty`,
);

/** A boolean. */
export const bool: Rule = when(
  (v) => typeof v === 'boolean',
  'isBoolean',
  (p) => `${p} must be a boolean value`,
);

/** A plain object of any content. */
export const anyObject: Rule = when(isRecord, 'isObject', (p) => `${p} must be an object`);

/** Any value. */
export const anything: Rule = () => undefined;

/** A whole number of at least `min`. */
export function integer(min: number): Rule {
  return (value, property) => {
    if (typeof value !== 'number' || !Number.isInteger(value)) {
      return problem(property, 'isInt', `${property} must be an integer number`);
    }
    return value < min ? problem(property, 'min', `${property} must not be less than ${min}`) : undefined;
  };
}

/** One of a fixed list of strings. */
export function oneOf(values: readonly string[]): Rule {
  return when(
    (v) => typeof v === 'string' && values.includes(v),
    'isEnum',
    (p) => `${p} must be one of the following values: ${values.join(', ')}`,
  );
}

/** A string that matches a pattern, with the text of the refusal. */
export function matching(pattern: RegExp, constraint: string, explanation: string): Rule {
  return when(
    (v) => typeof v === 'string' && pattern.test(v),
    constraint,
    (p) => `${p} ${explanation}`,
  );
}

/** A list whose items all pass. */
export function listOf(item: Rule): Rule {
  return (value, property) => {
    if (!Array.isArray(value)) return problem(property, 'isArray', `${property} must be an array`);
    const children = value.flatMap((entry, index) => item(entry, String(index)) ?? []);
    return children.length > 0 ? { property, children } : undefined;
  };
}

/** An object of a known shape. Unknown keys are a problem only when `strict`. */
export function objectOf(shape: Shape, strict: boolean): Rule {
  return (value, property) => {
    if (!isRecord(value)) return problem(property, 'isObject', `${property} must be an object`);
    const children = findProblems(value, shape, strict);
    return children.length > 0 ? { property, children } : undefined;
  };
}

/** All problems of a body; unknown keys are named only when `strict`. */
export function findProblems(body: Record<string, unknown>, shape: Shape, strict: boolean): FieldProblem[] {
  const known = Object.entries(shape).flatMap(([property, rule]) => rule(body[property], property) ?? []);
  if (!strict) return known;
  const unknown = Object.keys(body)
    .filter((key) => !Object.hasOwn(shape, key))
    .map((key) => problem(key, 'whitelistValidation', `property ${key} should not exist`));
  return [...unknown, ...known];
}

/** Whether this runtime knows the zone by its IANA name (offsets such as `+02:00` are not names). */
export function isZoneName(value: unknown): value is string {
  if (typeof value !== 'string' || !/^[A-Za-z]/.test(value)) return false;
  try {
    new Intl.DateTimeFormat('en', { timeZone: value });
    return true;
  } catch {
    return false;
  }
}

/** An IANA zone name. */
export const zoneName: Rule = when(isZoneName, 'isTimeZone', (p) => `${p} must be a valid IANA time-zone`);

const ISO = /^\d{4}-\d{2}-\d{2}(T\d{2}:\d{2}(:\d{2}(\.\d+)?)?(Z|[+-]\d{2}:?\d{2})?)?$/;

/** Milliseconds since the epoch of an ISO 8601 text; without an offset it is read as UTC; null when it is none. */
export function parseIso(value: unknown): number | null {
  if (typeof value !== 'string' || !ISO.test(value)) return null;
  const hasTime = value.includes('T');
  const hasOffset = /(Z|[+-]\d{2}:?\d{2})$/.test(value.slice(10));
  const time = Date.parse(hasTime && !hasOffset ? `${value}Z` : value);
  return Number.isNaN(time) ? null : time;
}

/** An ISO 8601 date or date-time. */
export const isoTime: Rule = when(
  (v) => parseIso(v) !== null,
  'isISO8601',
  (p) => `${p} must be a valid ISO 8601 date string`,
);

/** An e-mail address, checked loosely. */
export const email: Rule = matching(/^[^\s@]+@[^\s@]+\.[^\s@]+$/, 'isEmail', 'must be an email');
