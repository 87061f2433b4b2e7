import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'yaml';
import {
  chartFolder,
  containersOf,
  findHelm,
  kubernetesVersions,
  podOf,
  render,
  renderText,
  runHelm,
} from '../support/helm.ts';
import type { KubernetesObject, RenderOptions } from '../support/helm.ts';
import { branches, everything } from '../support/chart-branches.ts';
import { describedVersions, faultsOf } from '../support/kubernetes-schemas.ts';

jest.setTimeout(60_000);
const withHelm = findHelm() === undefined ? describe.skip : describe;

const keyOf = (object: KubernetesObject): string => `${object.kind}/${object.metadata.name}`;
const pods = (options: RenderOptions) =>
  render(options).flatMap((object) => {
    const pod = podOf(object);
    return pod ? [{ owner: keyOf(object), kind: object.kind, pod }] : [];
  });

withHelm('the chart, in a real Helm', () => {
  test.each(kubernetesVersions)('is without fault for Kubernetes %s', (version) => {
    const run = runHelm(['lint', chartFolder, '--strict', '--kube-version', version]);
    expect(run).toMatchObject({ status: 0 });
  });

  describe.each(Object.entries({ ...branches, everything }))('with %s', (_name, set) => {
    test('renders objects of distinct names, all labelled, twice the same', () => {
      const text = renderText({ set });
      expect(renderText({ set })).toBe(text);
      const objects = render({ set });
      const names = objects.map(keyOf);
      expect(new Set(names).size).toBe(names.length);
      for (const object of objects) {
        expect(object.metadata.labels?.['app.kubernetes.io/instance']).toBe('daybook');
        expect(object.metadata.name.length).toBeLessThanOrEqual(63);
      }
    });

    test.each(describedVersions)('is what Kubernetes %s understands, to the last field', (version) => {
      for (const object of render({ set })) {
        expect({ object: keyOf(object), faults: faultsOf(object, version) }).toEqual({
          object: keyOf(object),
          faults: [],
        });
      }
    });

    test('runs every pod restricted: no root, no rights, no writing, no token, a limit on memory', () => {
      for (const { owner, pod } of pods({ set })) {
        const { spec } = pod;
        expect({ owner, ...spec.securityContext }).toMatchObject({
          runAsNonRoot: true,
          seccompProfile: { type: 'RuntimeDefault' },
        });
        expect(spec.securityContext.runAsUser).toBeGreaterThan(0);
        expect({ owner, token: spec.automountServiceAccountToken }).toEqual({
          owner,
          token: owner === 'Job/daybook-make-secrets',
        });
        for (const name of ['hostNetwork', 'hostPID', 'hostIPC']) expect(spec[name]).toBeUndefined();
        const kinds = (spec.volumes ?? []).map((volume: object) => Object.keys(volume).find((key) => key !== 'name'));
        expect(['configMap', 'emptyDir', 'persistentVolumeClaim', 'secret']).toEqual(expect.arrayContaining(kinds));
        for (const container of containersOf(pod)) {
          expect({ owner, name: container.name, ...container.securityContext }).toEqual({
            ...{ owner, name: container.name, allowPrivilegeEscalation: false, readOnlyRootFilesystem: true },
            capabilities: { drop: ['ALL'] },
          });
          expect(container.resources).toMatchObject({
            requests: { cpu: expect.anything(), memory: expect.anything() },
            limits: { memory: expect.anything() },
          });
          expect(container.image).not.toMatch(/:latest$/);
        }
      }
    });

    test('holds no secret in its text', () => {
      for (const object of render({ set })) {
        expect(object.kind).not.toBe('Secret');
        const pod = podOf(object);
        for (const container of pod ? containersOf(pod) : []) {
          for (const variable of container.env ?? []) {
            if (!/PASSWORD$|_KEY$|TOKEN$/.test(variable.name)) continue;
            expect({ name: variable.name, value: variable.value }).toEqual({ name: variable.name, value: undefined });
          }
        }
        expect(JSON.stringify(object)).not.toMatch(/:\/\/[^/@"\s:]+:[^/@"\s]+@/);
      }
    });
  });

  test('asks each service three questions and gives it time to end', () => {
    const deployments = pods({ set: everything }).filter(({ kind }) => kind === 'Deployment' || kind === 'StatefulSet');
    expect(deployments.length).toBeGreaterThanOrEqual(7);
    for (const { pod } of deployments) {
      // The script beside a server answers nobody.
      for (const container of pod.spec.containers.filter(({ name }) => name !== 'renewals')) {
        expect(container).toHaveProperty('startupProbe');
        expect(container).toHaveProperty('livenessProbe');
        expect(container).toHaveProperty('readinessProbe');
      }
    }
    for (const object of render({ set: everything }).filter(({ kind }) => kind === 'Deployment')) {
      const pod = podOf(object);
      const container = pod?.spec.containers[0];
      const drain = container?.env?.find(({ name }) => name === 'DRAIN_DELAY_MS')?.value;
      if (drain === undefined) continue;
      expect(container?.livenessProbe?.httpGet?.path).toBe('/livez');
      expect(container?.readinessProbe?.httpGet?.path).toBe('/readyz');
      expect(object.spec.strategy?.rollingUpdate).toEqual({ maxUnavailable: 0, maxSurge: 1 });
      // Four phases of at most four seconds follow the drain.
      expect(pod?.spec.terminationGracePeriodSeconds).toBeGreaterThan(Number(drain) / 1000 + 16);
    }
  });

  test('gives each service its own account, budget and spread, and gRPC services no address in front', () => {
    const objects = render();
    const names = new Set(objects.map(keyOf));
    for (const name of ['gateway', 'auth', 'scheduling', 'calcom-sync']) {
      for (const kind of ['ServiceAccount', 'PodDisruptionBudget', 'Deployment', 'Service', 'NetworkPolicy']) {
        expect(names).toContain(`${kind}/daybook-${name}`);
      }
      const service = objects.find((object) => keyOf(object) === `Service/daybook-${name}`);
      expect(service?.['spec'].clusterIP).toBe(name === 'gateway' ? undefined : 'None');
    }
  });

  test('a certificate that was renewed is read by the bundled servers too', () => {
    const script = readFileSync(join(chartFolder, 'files/reload-renewed.sh'), 'utf8');
    const watched = (set: Record<string, string>): string[] =>
      pods({ set }).flatMap(({ owner, pod }) => {
        const [server, ...others] = containersOf(pod);
        const watcher = others.find(({ name }) => name === 'renewals');
        if (!watcher) return [];
        expect(pod.spec['shareProcessNamespace']).toBe(true);
        // With Daybook's image each of its upgrades would restart the server.
        expect(watcher.image).toBe(server!.image);
        const scripts = render({ set }).filter(
          ({ kind, metadata }) => kind === 'ConfigMap' && `StatefulSet/${metadata.name}` === owner,
        );
        expect(scripts.map((each) => (each as { data?: Record<string, string> }).data?.['reload-renewed.sh'])).toEqual([
          script,
        ]);
        return [owner];
      });
    const both = ['StatefulSet/daybook-nats', 'StatefulSet/daybook-postgres'];
    expect(watched(branches['cert-manager']!).sort()).toEqual(both);
    expect(watched({ 'tls.mode': 'existing' }).sort()).toEqual(both);
    // What the chart makes itself is renewed by an upgrade, which restarts NATS and leaves PostgreSQL running.
    expect(watched({})).toEqual(['StatefulSet/daybook-postgres']);
    expect(watched({ 'tls.mode': 'off' })).toEqual([]);
  });

  test('an upgrade of Daybook does not restart the bundled PostgreSQL', () => {
    const database = (set: Record<string, string>) =>
      pods({ set }).find(({ owner }) => owner === 'StatefulSet/daybook-postgres')!.pod;
    expect(database({ 'image.tag': '9.9.9' })).toEqual(database({}));
    expect(JSON.stringify(database({}).metadata)).not.toMatch(/helm\.sh\/chart|app\.kubernetes\.io\/version/);
  });

  test('two releases share no name, and a release of any name works', () => {
    const namesOf = (release: string): Set<string> => new Set(render({ release, set: everything }).map(keyOf));
    const first = namesOf('daybook');
    for (const release of ['second', 'daybook-two', 'a-release-with-a-name-as-long-as-helm-allows-53-signs']) {
      for (const name of namesOf(release)) expect(first).not.toContain(name);
    }
    const selectors = (release: string): string[] =>
      render({ release }).flatMap(({ kind, spec }) => (kind === 'Service' ? [JSON.stringify(spec.selector)] : []));
    expect(selectors('second').filter((selector) => selectors('daybook').includes(selector))).toEqual([]);
  });

  test('every revision and every image has a migration Job of its own', () => {
    const jobOf = (set: Record<string, string>): string =>
      render({ set }).find(({ kind, metadata }) => kind === 'Job' && /-migrate-/.test(metadata.name))?.metadata.name ??
      '';
    expect(jobOf({})).toMatch(/^daybook-migrate-r1-[0-9a-f]{8}$/);
    expect(jobOf({ 'image.tag': '9.9.9' })).not.toBe(jobOf({}));
  });

  test('the role that migrates is never the role that serves', () => {
    for (const { owner, pod } of pods({ set: everything })) {
      const text = JSON.stringify(containersOf(pod).map(({ env }) => env));
      if (/Job\/daybook-migrate/.test(owner)) expect(text).toContain('auth_migrator');
      else expect({ owner, found: /_migrator|migrator-password/.test(text) }).toEqual({ owner, found: false });
    }
  });

  test.each([
    ['a misspelt value', { gatway: '1' }, 'gatway'],
    ['a misspelt value deep inside', { 'postgres.persistance.enabled': 'false' }, 'persistance'],
    ['a public address without TLS', { publicUrl: 'http://book.example.org' }, 'publicUrl'],
    ['a password in the address of NATS', { 'nats.bundled': 'false', 'nats.external.url': 'nats://u:p@h:1' }, 'url'],
    ['two NATS servers', { 'nats.replicas': '2' }, 'replicas'],
    ['no host for an external database', { 'postgres.bundled': 'false' }, 'postgres.external.host'],
    ['certificates without names', { clusterDNS: 'false' }, 'tls.mode'],
    ['a Cal.com without its key', { 'calcom.apiUrl': 'https://api.cal.com/v2' }, 'calcom.existingSecret'],
    [
      'two calendars at once',
      { 'calcom.apiUrl': 'https://c/v2', 'calcom.existingSecret': 's', 'calcomSandbox.enabled': 'true' },
      'exclude',
    ],
    ['cert-manager without an issuer', { 'tls.mode': 'cert-manager' }, 'tls.issuer.name'],
    ['more copies than servers', { 'nats.streamReplicas': '3' }, 'streamReplicas'],
    ['a digest that is none', { 'image.digest': 'latest' }, 'digest'],
  ])('refuses %s', (_what, set, named) => {
    expect(() => renderText({ set: set })).toThrow(named);
  });

  test('every example renders', () => {
    const folder = join(chartFolder, 'examples');
    for (const file of readdirSync(folder)) expect(render({ files: [join(folder, file)] }).length).toBeGreaterThan(20);
  });

  test('the schema knows exactly the values there are', () => {
    const values = parse(readFileSync(join(chartFolder, 'values.yaml'), 'utf8'), { merge: true }) as Record<
      string,
      unknown
    >;
    type Schema = { properties?: Record<string, Schema>; additionalProperties?: unknown };
    const schema = JSON.parse(readFileSync(join(chartFolder, 'values.schema.json'), 'utf8')) as Schema;
    const compare = (value: unknown, known: Schema, path: string): void => {
      if (!known.properties) return;
      expect({ path, closed: known.additionalProperties }).toEqual({ path, closed: false });
      const names = Object.keys(known.properties).filter((name) => name !== 'global');
      expect({ path, names: names.sort() }).toEqual({ path, names: Object.keys(value as object).sort() });
      for (const name of names)
        compare((value as Record<string, unknown>)[name], known.properties[name] ?? {}, `${path}.${name}`);
    };
    compare(values, schema, 'values');
  });

  test('the plain manifests in k8s/rendered are what the chart says', () => {
    const kept = readFileSync(join(chartFolder, '../../k8s/rendered/daybook.yaml'), 'utf8');
    const run = runHelm([
      'template',
      'daybook',
      chartFolder,
      '--namespace',
      'daybook',
      '--kube-version',
      '1.34.0',
      '--skip-tests',
    ]);
    expect(kept.slice(kept.indexOf('\n') + 1)).toBe(run.output);
  });
});
