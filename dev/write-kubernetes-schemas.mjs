// `npm run schemas:kubernetes`: writes tests/deploy/kubernetes-schemas from the published API descriptions of Kubernetes and
// of the three extensions the chart can speak to. Needs Go, whose module proxy has them; run it when a version below changes.
import { execFileSync } from 'node:child_process';
import { copyFileSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'yaml';

/** The oldest Kubernetes the chart allows and the newest it was installed on. */
const kubernetes = { 1.29: 'k8s.io/kubernetes@v1.29.15', 1.36: 'k8s.io/kubernetes@v1.36.3' };

/** Every built-in kind that the chart or the ground makes; another kind fails the test until it is named here. */
const kinds = [
  ...['v1/ConfigMap', 'v1/LimitRange', 'v1/Namespace', 'v1/PersistentVolumeClaim', 'v1/Pod', 'v1/ResourceQuota'],
  ...['v1/Secret', 'v1/Service', 'v1/ServiceAccount', 'apps/v1/Deployment', 'apps/v1/StatefulSet'],
  ...['autoscaling/v2/HorizontalPodAutoscaler', 'batch/v1/CronJob', 'batch/v1/Job', 'networking.k8s.io/v1/Ingress'],
  ...['networking.k8s.io/v1/NetworkPolicy', 'policy/v1/PodDisruptionBudget'],
  ...['rbac.authorization.k8s.io/v1/Role', 'rbac.authorization.k8s.io/v1/RoleBinding'],
];

const extensions = [
  ['github.com/cert-manager/cert-manager@v1.21.2', 'deploy/crds/cert-manager.io_certificates.yaml'],
  ['sigs.k8s.io/gateway-api@v1.3.0', 'config/crd/standard/gateway.networking.k8s.io_httproutes.yaml'],
  ...['podmonitors', 'prometheusrules'].map((name) => [
    'github.com/prometheus-operator/prometheus-operator@v0.85.0',
    `example/prometheus-operator-crd/monitoring.coreos.com_${name}.yaml`,
  ]),
];

const folder = join(import.meta.dirname, '../tests/deploy/kubernetes-schemas');

function sourceOf(module) {
  const told = execFileSync('go', ['mod', 'download', '-json', module], { encoding: 'utf8', cwd: '/' });
  return JSON.parse(told).Dir;
}

/** What is left for a validator: no prose, and nothing allowed that is not named. */
function close(schema, isDefinition = false) {
  if (Array.isArray(schema)) return schema.map((part) => close(part));
  if (schema === null || typeof schema !== 'object') return schema;
  const anyNumberOrText = { anyOf: [{ type: 'string' }, { type: 'number' }] };
  if (schema.format === 'int-or-string' || schema['x-kubernetes-int-or-string']) return anyNumberOrText;
  const closed = {};
  for (const [key, value] of Object.entries(schema)) {
    if (key === 'properties') {
      closed.properties = Object.fromEntries(Object.entries(value).map(([name, part]) => [name, close(part)]));
    } else if (key === 'type' && schema.nullable) closed.type = [value, 'null'];
    else if (['additionalProperties', 'items', 'allOf', 'anyOf', 'oneOf', 'not'].includes(key))
      closed[key] = close(value);
    // Go's own way to ignore case, which JavaScript's expressions cannot say.
    else if (key === 'pattern' && value.includes('(?i)')) continue;
    else if (!['description', 'default', 'format', 'nullable', 'title'].includes(key) && !key.startsWith('x-')) {
      closed[key] = value;
    }
  }
  const open = schema['x-kubernetes-preserve-unknown-fields'] || schema.additionalProperties !== undefined;
  if ((isDefinition || schema.type === 'object') && schema.properties && !open) closed.additionalProperties = false;
  return closed;
}

function kubernetesSchemas(module) {
  const { definitions } = JSON.parse(readFileSync(join(sourceOf(module), 'api/openapi-spec/swagger.json'), 'utf8'));
  const nameOf = (reference) => reference.replace('#/definitions/', '');
  const roots = {};
  for (const [name, definition] of Object.entries(definitions)) {
    for (const { group, version, kind } of definition['x-kubernetes-group-version-kind'] ?? []) {
      const path = [group, version, kind].filter(Boolean).join('/');
      if (kinds.includes(path)) roots[path] = { $ref: `#/definitions/${name}` };
    }
  }
  const missing = kinds.filter((kind) => !roots[kind]);
  if (missing.length > 0) throw new Error(`${module} does not know ${missing.join(', ')}`);
  const wanted = {};
  const take = (name) => {
    if (wanted[name]) return;
    const definition = definitions[name];
    wanted[name] = name.endsWith('.Quantity')
      ? { anyOf: [{ type: 'string' }, { type: 'number' }] }
      : close(definition, true);
    JSON.stringify(definition, (key, value) => (key === '$ref' ? void take(nameOf(value)) : value));
  };
  for (const root of Object.values(roots)) take(nameOf(root.$ref));
  return { kinds: roots, definitions: wanted };
}

function extensionSchemas() {
  const roots = {};
  for (const [module, file] of extensions) {
    const { spec } = parse(readFileSync(join(sourceOf(module), file), 'utf8'));
    for (const { name, schema } of spec.versions.filter(({ served }) => served)) {
      const closed = close(schema.openAPIV3Schema);
      closed.properties.metadata = { type: 'object' };
      roots[`${spec.group}/${name}/${spec.names.kind}`] = closed;
    }
  }
  return { kinds: roots, definitions: {} };
}

mkdirSync(folder, { recursive: true });
const write = (name, schemas) => writeFileSync(join(folder, `${name}.json`), `${JSON.stringify(schemas)}\n`);
for (const [version, module] of Object.entries(kubernetes)) write(version, kubernetesSchemas(module));
write('extensions', extensionSchemas());
copyFileSync(join(sourceOf(kubernetes[1.36]), 'LICENSE'), join(folder, 'LICENSE'));
