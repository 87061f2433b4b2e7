import { parseObjects } from '../support/helm.ts';
import { describedVersions, faultsOf } from '../support/kubernetes-schemas.ts';

const sound = `
apiVersion: apps/v1
kind: Deployment
metadata: { name: a }
spec:
  replicas: 2
  selector: { matchLabels: { a: b } }
  strategy: { rollingUpdate: { maxSurge: 1, maxUnavailable: 10% } }
  template:
    metadata: { labels: { a: b } }
    spec: { containers: [{ name: c, image: i, resources: { limits: { cpu: 1, memory: 1Gi } } }] }
`;
const policy = `
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: { name: a }
spec: { podSelector: {}, policyTypes: [Ingress] }
`;
const rule = `
apiVersion: monitoring.coreos.com/v1
kind: PrometheusRule
metadata: { name: a }
spec: { groups: [{ name: g, rules: [{ alert: A, expr: up == 0, for: 5m }] }] }
`;

const faults = (text: string, version: (typeof describedVersions)[number]): string[] =>
  parseObjects(text).flatMap((object) => faultsOf(object, version));

describe.each(describedVersions)('the API of Kubernetes %s', (version) => {
  test.each([sound, policy, rule])('takes what is sound: %s', (text) => expect(faults(text, version)).toEqual([]));

  test.each([
    ['a field that does not exist', sound.replace('replicas', 'replica'), 'replica'],
    ['a field that does not exist, deep inside', sound.replace('image:', 'imgae:'), 'imgae'],
    ['a wrong type', sound.replace('replicas: 2', 'replicas: "2"'), 'replicas'],
    ['a missing part', sound.replace('selector: { matchLabels: { a: b } }', 'paused: true'), 'selector'],
    ['a version that is gone', sound.replace('apps/v1', 'extensions/v1beta1'), 'not described'],
    ['a field of another kind', policy.replace('policyTypes', 'policies'), 'policies'],
    ['a rule nobody would read', rule.replace('expr:', 'expression:'), 'expression'],
  ])('refuses %s', (_what, text, named) => expect(faults(text, version).join('\n')).toContain(named));
});
