import { ROUTES } from '../src/http/routes.ts';

type Json = string | number | boolean | null | Json[] | { [key: string]: Json };
type JsonObject = { [key: string]: Json };

/** The used part of the document: a response schema per operation and status, and the schemas these name. */
export type UsedEndpoints = {
  source: { title: string; version: string };
  operations: { [operation: string]: { method: string; path: string; responses: { [status: string]: JsonObject } } };
  schemas: { [name: string]: JsonObject };
};

/** Texts that describe and do not constrain; they stay in the document. */
const TEXTS = new Set(['description', 'example', 'examples', 'title', 'deprecated', 'externalDocs']);

function isObject(value: Json | undefined): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function withoutTexts(value: Json, namesOfProperties: boolean): Json {
  if (Array.isArray(value)) return value.map((item) => withoutTexts(item, false));
  if (!isObject(value)) return value;
  const kept = Object.entries(value).filter(([key]) => namesOfProperties || !TEXTS.has(key));
  return Object.fromEntries(
    kept.map(([key, item]) => [key, withoutTexts(item, !namesOfProperties && key === 'properties')]),
  );
}

function namesIn(value: Json): string[] {
  if (Array.isArray(value)) return value.flatMap(namesIn);
  if (!isObject(value)) return [];
  const ref = value['$ref'];
  const own = typeof ref === 'string' ? [ref.replace('#/components/schemas/', '')] : [];
  return [...own, ...Object.values(value).flatMap(namesIn)];
}

function member(value: Json | undefined, ...path: string[]): Json | undefined {
  return path.reduce<Json | undefined>((current, key) => (isObject(current) ? current[key] : undefined), value);
}

function responsesOf(document: JsonObject, method: string, path: string): { [status: string]: JsonObject } {
  // The document names path parameters in its own way; only their places count.
  const shape = (text: string): string => text.replace(/\{[^}]+\}/g, '{}');
  const paths = member(document, 'paths');
  const found = isObject(paths) ? Object.keys(paths).find((candidate) => shape(candidate) === shape(path)) : undefined;
  const responses = member(paths, found ?? '', method.toLowerCase(), 'responses');
  if (!isObject(responses)) throw new Error(`${method} ${path} is not in the document`);
  const schemas = Object.entries(responses).map(([status, response]) => {
    const schema = member(response, 'content', 'application/json', 'schema');
    return [status, isObject(schema) ? (withoutTexts(schema, false) as JsonObject) : {}];
  });
  return Object.fromEntries(schemas) as { [status: string]: JsonObject };
}

function textOf(value: Json | undefined): string {
  return typeof value === 'string' ? value : '';
}

/** Takes the part that the sandbox serves out of a whole OpenAPI document. Throws when an operation is missing. */
export function extractUsedEndpoints(document: JsonObject): UsedEndpoints {
  const operations: UsedEndpoints['operations'] = {};
  for (const { method, path, operation } of ROUTES) {
    operations[operation] = { method, path: `/v2${path}`, responses: responsesOf(document, method, `/v2${path}`) };
  }
  const schemas: UsedEndpoints['schemas'] = {};
  const wanted = namesIn(operations);
  for (let name = wanted.pop(); name !== undefined; name = wanted.pop()) {
    const schema = member(document, 'components', 'schemas', name);
    if (schemas[name] !== undefined || !isObject(schema)) continue;
    schemas[name] = withoutTexts(schema, false) as JsonObject;
    wanted.push(...namesIn(schemas[name] ?? null));
  }
  const sorted = Object.fromEntries(Object.entries(schemas).sort(([a], [b]) => (a < b ? -1 : 1)));
  const title = member(document, 'info', 'title');
  const version = member(document, 'info', 'version');
  return { source: { title: textOf(title), version: textOf(version) }, operations, schemas: sorted };
}
