import { spawnSync } from 'node:child_process';
import { accessSync, constants } from 'node:fs';
import { delimiter, join } from 'node:path';
import { cacheDirectory } from '@daybook/stack/cache-directory';
import { parseAllDocuments } from 'yaml';

/** What tests look at in a container. */
export type Container = {
  name: string;
  image: string;
  env?: { name: string; value?: string }[];
  securityContext: Record<string, unknown>;
  resources: Record<string, unknown>;
  livenessProbe?: { httpGet?: { path: string } };
  readinessProbe?: { httpGet?: { path: string } };
};

type Metadata = {
  name: string;
  namespace?: string;
  labels?: Record<string, string>;
  annotations?: Record<string, string>;
};

/** What tests look at in a pod. */
export type Pod = {
  metadata: Metadata;
  spec: {
    [part: string]: unknown;
    automountServiceAccountToken?: boolean;
    securityContext: Record<string, unknown>;
    terminationGracePeriodSeconds?: number;
    initContainers?: Container[];
    containers: Container[];
    volumes?: Record<string, unknown>[];
  };
};

/** One side of what a network policy allows. */
export type PolicyPeer = { podSelector?: { matchLabels?: Record<string, string> } };

/** One rule of a network policy. */
export type PolicyRule = { ports: { port: number }[]; from?: PolicyPeer[]; to?: PolicyPeer[] };

/** What tests look at in a Kubernetes object, of whatever kind. */
export type KubernetesObject = {
  apiVersion: string;
  kind: string;
  metadata: Metadata;
  spec: {
    [part: string]: unknown;
    clusterIP?: string;
    selector?: unknown;
    strategy?: { rollingUpdate?: object };
    template?: Pod;
    jobTemplate?: { spec: { template: Pod } };
    podSelector?: { matchLabels?: Record<string, string> };
    policyTypes?: string[];
    ingress?: PolicyRule[];
    egress?: PolicyRule[];
  };
};

/** Where the chart is. */
export const chartFolder = join(import.meta.dirname, '..', '..', 'helm', 'daybook');

/** The oldest and the newest Kubernetes the chart is rendered for. */
export const kubernetesVersions = ['1.29.0', '1.36.0'] as const;

/** Helm on the path, or the one CI put into the cache folder; undefined without either. */
export function findHelm(): string | undefined {
  const folders = [...(process.env['PATH'] ?? '').split(delimiter), join(cacheDirectory(), 'helm')];
  return folders
    .filter((folder) => folder !== '')
    .map((folder) => join(folder, 'helm'))
    .find((file) => {
      try {
        accessSync(file, constants.X_OK);
        return true;
      } catch {
        return false;
      }
    });
}

/** What one run of Helm gave. */
export type HelmRun = { status: number; output: string; errors: string };

/** Runs Helm; never throws for what Helm refuses. @throws Error where there is no Helm */
export function runHelm(args: readonly string[]): HelmRun {
  const helm = findHelm();
  if (helm === undefined) throw new Error('there is no helm here');
  const { status, stdout, stderr, error } = spawnSync(helm, args, { encoding: 'utf8', maxBuffer: 1 << 26 });
  if (error) throw error;
  return { status: status ?? 1, output: stdout, errors: stderr };
}

/** How to render: values by path as `--set` takes them, or files. */
export type RenderOptions = {
  release?: string;
  namespace?: string;
  set?: Record<string, string>;
  files?: string[];
  kubeVersion?: string;
};

/** The chart's text. @throws Error with what Helm says */
export function renderText(options: RenderOptions = {}): string {
  const { release = 'daybook', namespace = 'practice', set = {}, files = [], kubeVersion = '1.36.0' } = options;
  const run = runHelm([
    ...['template', release, chartFolder, '--namespace', namespace, '--kube-version', kubeVersion],
    ...files.flatMap((file) => ['--values', file]),
    ...Object.entries(set).flatMap(([path, value]) => ['--set', `${path}=${value}`]),
  ]);
  if (run.status !== 0) throw new Error(run.errors);
  return run.output;
}

/** Every object of a manifest. @throws Error when some of it is no YAML */
export function parseObjects(text: string): KubernetesObject[] {
  return parseAllDocuments(text, { merge: true }).flatMap((document) => {
    if (document.errors[0]) throw document.errors[0];
    const object = document.toJS() as KubernetesObject | null;
    return object ? [object] : [];
  });
}

const rendered = new Map<string, KubernetesObject[]>();

/** The chart's objects; the same options are rendered once. */
export function render(options: RenderOptions = {}): KubernetesObject[] {
  const key = JSON.stringify(options);
  const objects = rendered.get(key) ?? parseObjects(renderText(options));
  rendered.set(key, objects);
  return objects;
}

/** The pod inside an object that makes pods; undefined for others. */
export function podOf(object: KubernetesObject): Pod | undefined {
  if (object.kind === 'Pod') return object as unknown as Pod;
  if (object.kind === 'CronJob') return object.spec.jobTemplate?.spec.template;
  return ['Deployment', 'StatefulSet', 'Job'].includes(object.kind) ? object.spec.template : undefined;
}

/** All containers of a pod, those that only prepare it included. */
export function containersOf(pod: Pod): Container[] {
  return [...(pod.spec.initContainers ?? []), ...pod.spec.containers];
}
