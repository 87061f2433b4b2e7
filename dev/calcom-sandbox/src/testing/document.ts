import { Ajv } from 'ajv';
import type { ValidateFunction } from 'ajv';
import addFormats from 'ajv-formats';

/** A schema of the document, as plain data. */
export type Schema = { [key: string]: unknown };

/** A place where the real service is known to differ from the document. */
export type Difference = { schema: string[]; property: string; instead: Schema; contract: string };

function toJsonSchema(value: unknown, named: boolean): unknown {
  if (Array.isArray(value)) return value.map((item) => toJsonSchema(item, false));
  if (typeof value !== 'object' || value === null) return value;
  const entries = Object.entries(value).map(([key, item]): [string, unknown] => {
    // The variants of an answer overlap (none forbids further members), so "one of" can only mean "any of".
    const name = !named && key === 'oneOf' ? 'anyOf' : key;
    if (!named && key === '$ref') return [key, String(item).replace('#/components/schemas/', 'document#/definitions/')];
    return [name, toJsonSchema(item, !named && key === 'properties')];
  });
  const { nullable, ...schema } = Object.fromEntries(entries);
  if (named) return Object.fromEntries(entries);
  return nullable === true ? { anyOf: [schema, { type: 'null' }] } : schema;
}

/** Compiles validators for named response schemas. Differences replace single properties of named schemas. */
export function createDocument(
  schemas: { [name: string]: Schema },
  differences: Difference[],
): (schema: Schema) => ValidateFunction {
  const patched = structuredClone(schemas);
  for (const { schema, property, instead } of differences) {
    for (const name of schema) {
      const properties = patched[name]?.['properties'] as { [name: string]: unknown } | undefined;
      if (properties?.[property] === undefined) throw new Error(`${name}.${property} is not in the document`);
      properties[property] = instead;
    }
  }
  const ajv = new Ajv({ strict: false, allErrors: true, validateFormats: true });
  addFormats.default(ajv);
  const definitions = toJsonSchema(patched, true) as Schema;
  ajv.addSchema({ $id: 'document', definitions });
  return (schema) => ajv.compile(toJsonSchema(schema, false) as Schema);
}
