import { spawnSync } from 'node:child_process';
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { parseObjects } from '../support/helm.ts';
import { describedVersions, faultsOf } from '../support/kubernetes-schemas.ts';

const overlays = join(import.meta.dirname, '../../k8s/overlays');
const hasKubectl = spawnSync('kubectl', ['version', '--client']).status === 0;
const withKubectl = hasKubectl ? describe : describe.skip;

withKubectl('the ground in k8s, with kubectl at hand', () => {
  test.each(readdirSync(overlays))(
    '%s is one namespace that admits restricted pods and refuses every connection',
    (name) => {
      const run = spawnSync('kubectl', ['kustomize', join(overlays, name)], { encoding: 'utf8' });
      expect(run).toMatchObject({ status: 0 });
      const objects = parseObjects(run.stdout);
      for (const version of describedVersions) {
        expect(objects.flatMap((object) => faultsOf(object, version))).toEqual([]);
      }
      const [namespace, ...others] = objects.filter(({ kind }) => kind === 'Namespace');
      expect(others).toEqual([]);
      expect(namespace?.metadata.labels?.['pod-security.kubernetes.io/enforce']).toBe('restricted');
      for (const object of objects.filter(({ kind }) => kind !== 'Namespace')) {
        expect(object.metadata).toMatchObject({ namespace: namespace?.metadata.name });
      }
      const policy = objects.find(({ kind }) => kind === 'NetworkPolicy');
      expect(policy?.spec).toEqual({ podSelector: {}, policyTypes: ['Ingress', 'Egress'] });
      expect(objects.map(({ kind }) => kind)).toContain('ResourceQuota');
    },
  );
});
