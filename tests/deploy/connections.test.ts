import { containersOf, findHelm, podOf, render } from '../support/helm.ts';
import type { KubernetesObject } from '../support/helm.ts';

const withHelm = findHelm() === undefined ? describe.skip : describe;
const set = {
  'calcomSandbox.enabled': 'true',
  'backup.enabled': 'true',
  'nats.replicas': '3',
  'nats.streamReplicas': '3',
};

type Edge = string;
const componentOf = (labels: Record<string, string> | undefined): string =>
  labels?.['app.kubernetes.io/component'] ?? '';

/** What the pods are told to connect to: every address of a part of the release in their environment. */
function edgesOfEnvironments(objects: KubernetesObject[]): Set<Edge> {
  const edges = new Set<Edge>();
  for (const object of objects) {
    const pod = podOf(object);
    if (!pod) continue;
    const from = componentOf(pod.metadata.labels);
    for (const { env = [] } of containersOf(pod)) {
      for (const { value } of env) {
        for (const [, to = '', port = ''] of (value ?? '').matchAll(/daybook-([a-z-]+):(\d+)/g)) {
          // The gateway's service listens on 80 for its pods' 8080.
          edges.add(`${from} → ${to}:${to === 'gateway' ? '8080' : port}`);
        }
      }
    }
  }
  return edges;
}

/** What the policies allow between parts of the release, read from one side. */
function edgesOfPolicies(objects: KubernetesObject[], direction: 'ingress' | 'egress'): Set<Edge> {
  const edges = new Set<Edge>();
  for (const object of objects.filter(({ kind }) => kind === 'NetworkPolicy')) {
    const own = componentOf(object.spec.podSelector?.matchLabels);
    for (const rule of object.spec[direction] ?? []) {
      for (const peer of rule.from ?? rule.to ?? []) {
        const other = componentOf(peer.podSelector?.matchLabels);
        if (other === '') continue;
        for (const { port } of rule.ports)
          edges.add(direction === 'egress' ? `${own} → ${other}:${port}` : `${other} → ${own}:${port}`);
      }
    }
  }
  return edges;
}

const sorted = (edges: Set<Edge>): Edge[] => [...edges].sort();

withHelm('the network policies, in a real Helm', () => {
  const objects = withHelm === describe ? render({ set }) : [];
  // Servers of one cluster find each other by their own configuration.
  const real = new Set([...edgesOfEnvironments(objects), 'nats → nats:6222']);

  test('allow to leave exactly what the processes are told to reach', () => {
    expect(sorted(edgesOfPolicies(objects, 'egress'))).toEqual(sorted(real));
  });

  test('allow to enter exactly the same', () => {
    expect(sorted(edgesOfPolicies(objects, 'ingress'))).toEqual(sorted(real));
  });

  test('cover every pod, in both directions', () => {
    const covered = new Set(
      objects
        .filter(({ kind }) => kind === 'NetworkPolicy')
        .map((object) => {
          expect(object.spec.policyTypes).toEqual(['Ingress', 'Egress']);
          return componentOf(object.spec.podSelector?.matchLabels);
        }),
    );
    for (const object of objects) {
      const pod = podOf(object);
      if (pod) expect(covered).toContain(componentOf(pod.metadata.labels));
    }
  });

  test('let only calendar sync out into the world, and only the gateway be reached from anywhere', () => {
    for (const object of objects.filter(({ kind }) => kind === 'NetworkPolicy')) {
      const own = componentOf(object.spec.podSelector?.matchLabels);
      const reachesOut = JSON.stringify(object.spec.egress ?? []).includes('ipBlock');
      expect({ own, reachesOut }).toEqual({ own, reachesOut: own === 'calcom-sync' });
      const open = (object.spec.ingress ?? []).some((rule) => rule.from === undefined);
      expect({ own, open }).toEqual({ own, open: own === 'gateway' });
    }
  });
});
