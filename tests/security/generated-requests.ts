import fc from 'fast-check';
import type { ApiDocument, Operation, Schema } from '../support/api-document.ts';
import { startIn } from '../support/api-client.ts';

/** One generated request. */
export type GeneratedRequest = {
  id: string;
  query: [string, string][];
  headers: Record<string, string>;
  body: unknown;
};

/** Ids of things that exist, by the name of the field or the folder of the address that speaks of them. */
export type KnownIds = Record<string, string>;

/** What nobody means well by; any of it may stand where something else is asked for. */
const hostile: fc.Arbitrary<unknown> = fc.oneof(
  fc.constantFrom<unknown>(
    null,
    '',
    ' ',
    '\0',
    '\ud800',
    "' OR 1=1 --",
    '../../etc/passwd',
    'x'.repeat(6000),
    -1,
    0,
    1e9,
    30.5,
    2 ** 53,
    [],
    [[]],
    {},
    true,
  ),
  fc.constant(JSON.parse('{"__proto__":{"admin":true},"constructor":{"prototype":{}}}') as unknown),
  fc.string({ unit: 'binary', maxLength: 40 }),
);

/** Times far from each other, so that a range is the right way round; its end is never more than the 62 days away. */
function instantFor(name: string): fc.Arbitrary<string> {
  const first = name === 'to' || name === 'end' ? 31 : 1;
  return fc.integer({ min: first * 24 * 4, max: (first + 29) * 24 * 4 }).map((quarter) => {
    return startIn(0, 0, quarter * 15);
  });
}

function textFor(schema: Schema, name: string, known: KnownIds): fc.Arbitrary<string> {
  if (schema.format === 'uuid') {
    const id = known[name];
    return id ? fc.oneof({ weight: 4, arbitrary: fc.constant(id) }, fc.uuid({ version: 4 })) : fc.uuid({ version: 4 });
  }
  if (schema.format === 'date-time') return instantFor(name);
  if (schema.format === 'date') return fc.constantFrom('2028-02-29', '2027-12-24');
  if (schema.format === 'email') return fc.constantFrom('ann@example.com', 'Ann@Example.COM');
  if (name.toLowerCase().includes('timezone')) return fc.constantFrom('Europe/Luxembourg', 'Pacific/Chatham');
  if (schema.pattern && /^(start|end)$/.test(name)) return fc.constant(name === 'start' ? '09:00' : '17:00');
  if (name === 'limit') return fc.constantFrom('1', '50', '200', '201', '0');
  if (name === 'phone') return fc.constantFrom('', '+352621123456');
  if (name === 'status') return fc.constantFrom('scheduled', 'scheduled,cancelled', 'x');
  if (name === 'baseUrl')
    return fc.constantFrom('https://calcom.invalid/v2', 'http://169.254.169.254/v2', 'file:///v2');
  if (schema.pattern) return fc.stringMatching(new RegExp(schema.pattern, 'u'));
  return fc
    .string({
      unit: 'grapheme',
      minLength: Math.min(schema.minLength ?? 0, 40),
      maxLength: Math.min(schema.maxLength ?? 40, 40),
    })
    .map((text) => (schema.minLength && text.trim() === '' ? 'Ann' : text));
}

/** Values that a schema describes; with `spoilt`, something hostile may stand in any place. */
function valuesOf(
  document: ApiDocument,
  named: Schema,
  name: string,
  known: KnownIds,
  spoilt: boolean,
): fc.Arbitrary<unknown> {
  const schema = document.resolve(named);
  const inner = (part: Schema, of: string): fc.Arbitrary<unknown> => {
    const sound = valuesOf(document, part, of, known, spoilt);
    return spoilt ? fc.oneof({ weight: 5, arbitrary: sound }, { weight: 1, arbitrary: hostile }) : sound;
  };
  if ('const' in schema) return fc.constant(schema.const);
  if (schema.enum) return fc.constantFrom(...schema.enum);
  if (schema.anyOf) return fc.oneof(...schema.anyOf.map((choice) => inner(choice, name)));
  if (schema.type === 'object')
    return fc.record(
      Object.fromEntries(Object.entries(schema.properties ?? {}).map(([key, part]) => [key, inner(part, key)])),
      { requiredKeys: schema.required ?? [] },
    );
  if (schema.type === 'array') {
    const fewest = schema.minItems ?? 0;
    return fc.array(inner(schema.items ?? {}, name), { minLength: fewest, maxLength: fewest + 2 });
  }
  if (schema.type === 'boolean') return fc.boolean();
  if (schema.type === 'integer' || schema.type === 'number') {
    const [min, max] = [Math.max(schema.minimum ?? 0, -1e6), Math.min(schema.maximum ?? 1e6, 1e6)];
    return fc.oneof(fc.constantFrom(min, max), fc.integer({ min, max }));
  }
  return schema.type === 'string' ? textFor(schema, name, known) : hostile;
}

const strangeHeaders = fc.constantFrom<Record<string, string>>(
  {},
  { 'if-match': '"1"' },
  { 'if-match': 'W/"x"' },
  { 'idempotency-key': 'k\u00e9' },
  { 'idempotency-key': 'one' },
);

function requestsOfKind(
  document: ApiDocument,
  operation: Operation,
  known: KnownIds,
  spoilt: boolean,
): fc.Arbitrary<GeneratedRequest> {
  const folder = operation.path.split('/{id}')[0]!.split('/').at(-1)!;
  const id = fc.constant(known[folder] ?? '3f1c8a52-7c0e-4d5a-9f54-0c1d7a1b2c3d');
  const inQuery = operation.parameters.filter((parameter) => parameter.in === 'query');
  const query = fc
    .record(
      Object.fromEntries(inQuery.map(({ name, schema }) => [name, valuesOf(document, schema, name, known, spoilt)])),
      { requiredKeys: inQuery.filter(({ required }) => required).map(({ name }) => name) },
    )
    .map((values) => Object.entries(values).map(([name, value]): [string, string] => [name, String(value)]));
  const body = operation.body ? valuesOf(document, operation.body, '', known, spoilt) : fc.constant(undefined);
  if (!spoilt) return fc.record({ id, query, headers: fc.constant({}), body });
  const strange = fc.constantFrom<[string, string]>(['__proto__', 'x'], ['limit', '1'], ['from', 'x'], ['x[]', '1']);
  return fc.record({
    id: fc.oneof({ weight: 4, arbitrary: id }, fc.constantFrom('x', '%00', '%2e%2e%2f')),
    query: fc.oneof(
      { weight: 3, arbitrary: query },
      fc.tuple(query, strange).map(([pairs, extra]) => [...pairs, extra, extra]),
    ),
    headers: strangeHeaders,
    body: operation.body ? fc.oneof({ weight: 4, arbitrary: body }, hostile) : body,
  });
}

/** Requests of one operation, made of what the document says about it: as many sound ones as spoilt ones. */
export function requestsOf(
  document: ApiDocument,
  operation: Operation,
  known: KnownIds,
): fc.Arbitrary<GeneratedRequest> {
  return fc.oneof(requestsOfKind(document, operation, known, false), requestsOfKind(document, operation, known, true));
}
