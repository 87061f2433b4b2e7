import { createOpenApiDocument } from './openapi.ts';
import { problems } from './problems.ts';

type Schema = {
  $ref?: string;
  type?: string | string[];
  properties?: Record<string, Schema>;
  required?: string[];
  items?: Schema;
  anyOf?: Schema[];
  oneOf?: Schema[];
  allOf?: Schema[];
  enum?: unknown[];
  const?: unknown;
  example?: unknown;
  examples?: unknown[];
  default?: unknown;
  format?: string;
  minimum?: number;
  description?: string;
  additionalProperties?: boolean | Schema;
};
type Parameter = { in: string; name: string; required?: boolean; description?: string; schema?: Schema };
type Content = Record<string, { schema?: Schema }>;
type Operation = {
  operationId: string;
  tags: string[];
  summary: string;
  description?: string;
  security?: unknown[];
  parameters?: Parameter[];
  requestBody?: { content: Content };
  responses: Record<string, { description: string; content?: Content; headers?: Record<string, unknown> }>;
};
type Document = {
  paths: Record<string, Record<string, Operation>>;
  components: { schemas: Record<string, Schema> };
};

const samples: Record<string, unknown> = {
  uuid: '3f1c8a52-7c0e-4d5a-9f54-0c1d7a1b2c3d',
  email: 'ann@example.com',
  date: '2026-06-04',
  'date-time': '2026-06-04T10:00:00Z',
};

/** A value that fits a schema, made of its examples. Depth is bounded, since schemas may name themselves. */
function sampleOf(schema: Schema | undefined, document: Document, name = '', depth = 0): unknown {
  if (!schema || depth > 6) return null;
  if (schema.$ref) {
    const target = document.components.schemas[schema.$ref.slice(schema.$ref.lastIndexOf('/') + 1)];
    return sampleOf(target, document, name, depth + 1);
  }
  if (schema.example !== undefined) return schema.example;
  if (schema.examples?.[0] !== undefined) return schema.examples[0];
  if (schema.const !== undefined) return schema.const;
  if (schema.enum?.[0] !== undefined) return schema.enum[0];
  if (schema.allOf) return Object.assign({}, ...schema.allOf.map((part) => sampleOf(part, document, name, depth + 1)));
  const choice = schema.oneOf?.[0] ?? schema.anyOf?.[0];
  if (choice) return sampleOf(choice, document, name, depth + 1);
  const type = Array.isArray(schema.type) ? schema.type[0] : schema.type;
  switch (type) {
    case 'object':
      return Object.fromEntries(
        Object.entries(schema.properties ?? {}).map(([key, value]) => [key, sampleOf(value, document, key, depth + 1)]),
      );
    case 'array':
      return schema.items ? [sampleOf(schema.items, document, name, depth + 1)] : [];
    case 'integer':
    case 'number':
      return schema.default ?? Math.max(1, schema.minimum ?? 1);
    case 'boolean':
      return schema.default ?? false;
    default:
      return samples[schema.format ?? ''] ?? schema.default ?? sampleText(name);
  }
}

function sampleText(name: string): string {
  const known: Record<string, string> = {
    name: 'Ann Lee',
    phone: '+352 621 123 456',
    notes: 'Second visit',
    title: 'Lunch',
    username: 'owner',
    password: '…',
    reason: 'asked by phone',
    timeZone: 'Europe/Luxembourg',
  };
  return known[name] ?? '…';
}

const json = (value: unknown): string => ['```json', JSON.stringify(value, null, 2), '```'].join('\n');

function parametersOf(operation: Operation): string[] {
  const rows = (operation.parameters ?? [])
    .filter((parameter) => parameter.in !== 'path')
    .map((parameter) => {
      const where = parameter.in === 'query' ? '' : ' (header)';
      const needed = parameter.required ? 'yes' : 'no';
      const told = parameter.description ?? parameter.schema?.description ?? '';
      return `| \`${parameter.name}\`${where} | ${needed} | ${told.replaceAll('|', '\\|')} |`;
    });
  return rows.length === 0 ? [] : ['| Parameter | Needed | Meaning |', '| --- | --- | --- |', ...rows, ''];
}

function operationText(method: string, path: string, operation: Operation, document: Document): string {
  const body = operation.requestBody?.content['application/json']?.schema;
  const [status, success] = Object.entries(operation.responses).find(([code]) => code.startsWith('2')) ?? [
    '',
    undefined,
  ];
  const answer = success?.content?.['application/json']?.schema;
  const refusals = Object.entries(operation.responses)
    .filter(([code]) => code >= '400' && code < '500' && code !== '429')
    .map(
      ([code, { description }]) => `${code}: ${[...description.matchAll(/`(\w+)`/g)].map(([word]) => word).join(' ')}`,
    );
  return [
    `### ${operation.summary}`,
    '',
    `\`${method.toUpperCase()} ${path}\`${operation.security?.length === 0 ? ' · needs no session' : ''}`,
    '',
    ...(operation.description ? [operation.description, ''] : []),
    ...parametersOf(operation),
    ...(body ? ['Body:', '', json(sampleOf(body, document)), ''] : []),
    `Answers ${status}. ${success?.description ?? ''}`,
    '',
    ...(answer ? [json(sampleOf(answer, document)), ''] : []),
    ...(refusals.length > 0 ? [`Refusals: ${refusals.join('; ')}.`, ''] : []),
  ].join('\n');
}

/** The reference of the public API as Markdown, made from the contract, with an example of each request and answer. */
export function renderApiReference(): string {
  const document = createOpenApiDocument('') as Document;
  const byTag = new Map<string, string[]>();
  for (const [path, methods] of Object.entries(document.paths))
    for (const [method, operation] of Object.entries(methods)) {
      const tag = operation.tags[0] ?? '';
      byTag.set(tag, [...(byTag.get(tag) ?? []), operationText(method, path, operation, document)]);
    }
  return [
    '# API reference',
    '',
    'Made from the contract by `npm run docs:api`; a running Daybook serves the same at `/api/docs`, and as OpenAPI 3.1 at `/api/openapi.json`.',
    'How to sign in and make a first booking by `curl`: [api.md](api.md).',
    '',
    ...[...byTag].flatMap(([tag, operations]) => [`## ${tag}`, '', ...operations]),
    '## Problems',
    '',
    'Every refusal is a problem of RFC 9457 with a stable `code`. Switch on the code, never on the text.',
    '',
    '| Code | Status | What it says | What to do |',
    '| --- | --- | --- | --- |',
    ...Object.entries(problems).map(
      ([code, { status, title, advice }]) => `| \`${code}\` | ${status} | ${title} | ${advice} |`,
    ),
    '',
  ].join('\n');
}
