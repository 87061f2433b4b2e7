import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Ajv, type ValidateFunction } from 'ajv';
import type { KubernetesObject } from './helm.ts';

/** Versions of Kubernetes whose API is described in tests/deploy/kubernetes-schemas: the oldest allowed and the newest. */
export const describedVersions = ['1.29', '1.36'] as const;

type Descriptions = { kinds: Record<string, object>; definitions: object };

const folder = join(import.meta.dirname, '../deploy/kubernetes-schemas');
const read = (name: string): Descriptions =>
  JSON.parse(readFileSync(join(folder, `${name}.json`), 'utf8')) as Descriptions;

type Version = (typeof describedVersions)[number];

const descriptions = new Map<string, Descriptions>();
const validators = new Map<string, ValidateFunction | undefined>();

/** Undefined when the kind is not in that description. */
function compile(name: string, kind: string): ValidateFunction | undefined {
  const described = descriptions.get(name) ?? read(name);
  descriptions.set(name, described);
  const schema = described.kinds[kind];
  const ajv = new Ajv({ strict: false, allErrors: true, validateFormats: false });
  return schema && ajv.compile({ ...schema, definitions: described.definitions });
}

function validatorOf(kind: string, version: Version): ValidateFunction | undefined {
  const key = `${version} ${kind}`;
  if (!validators.has(key)) validators.set(key, compile(version, kind) ?? compile('extensions', kind));
  return validators.get(key);
}

/**
 * What the Kubernetes API of that version would not understand in an object: unknown fields, wrong types, missing parts,
 * and kinds that are not described. Empty when it would take it.
 */
export function faultsOf(object: KubernetesObject, version: Version): string[] {
  const validate = validatorOf(`${object.apiVersion}/${object.kind}`, version);
  if (!validate) return [`${object.apiVersion}/${object.kind} is not described for Kubernetes ${version}`];
  if (validate(object)) return [];
  return (validate.errors ?? []).map(
    ({ instancePath, message, params }) => `${instancePath || '/'} ${message} ${JSON.stringify(params)}`,
  );
}
