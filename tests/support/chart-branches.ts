/** Every branch of the templates, each on its own and some together. */
export const branches: Record<string, Record<string, string>> = {
  defaults: {},
  sandbox: { 'calcomSandbox.enabled': 'true' },
  'Cal.com': { 'calcom.apiUrl': 'https://api.cal.com/v2', 'calcom.existingSecret': 'cal' },
  'a public address': {
    publicUrl: 'https://book.example.org',
    'ingress.enabled': 'true',
    'ingress.className': 'nginx',
    'ingress.tlsSecret': 'crt',
  },
  'the Gateway API': {
    'httpRoute.enabled': 'true',
    'httpRoute.parentRefs[0].name': 'edge',
    publicUrl: 'https://book.example.org',
  },
  'a node port': { 'service.type': 'NodePort', 'service.nodePort': '30080' },
  autoscaling: { 'gateway.autoscaling.enabled': 'true', 'scheduling.autoscaling.enabled': 'true' },
  'external servers': {
    'postgres.bundled': 'false',
    'postgres.external.host': 'db.example.org',
    'postgres.external.caSecret': 'dbca',
    'postgres.external.cidrs[0]': '192.0.2.0/24',
    'nats.bundled': 'false',
    'nats.external.url': 'tls://nats.example.org:4222',
    'nats.external.cidrs[0]': '192.0.2.0/24',
  },
  'a NATS cluster': { 'nats.replicas': '3', 'nats.streamReplicas': '3' },
  'nothing kept': { 'postgres.persistence.enabled': 'false', 'nats.persistence.enabled': 'false' },
  'volumes made by hand': {
    'postgres.persistence.storageClass': '-',
    'nats.persistence.storageClass': 'fast',
    'postgres.persistence.existingClaim': 'mine',
  },
  'own secrets': { 'secrets.existingSecret': 'mine', 'tls.mode': 'existing' },
  'cert-manager': { 'tls.mode': 'cert-manager', 'tls.issuer.name': 'inside' },
  'plain text without DNS': { 'tls.mode': 'off', clusterDNS: 'false' },
  monitoring: {
    'metrics.podMonitor.enabled': 'true',
    'metrics.rules.enabled': 'true',
    'metrics.dashboards.enabled': 'true',
    'metrics.annotations': 'false',
  },
  tracing: { 'tracing.endpoint': 'http://otel.monitoring:4318' },
  backups: { 'backup.enabled': 'true' },
  'backups of an external server': {
    'backup.enabled': 'true',
    'backup.scratchSecret': 's',
    'backup.persistence.existingClaim': 'c',
    'postgres.bundled': 'false',
    'postgres.external.host': 'db',
  },
  'no policies, no test, no owner': {
    'networkPolicy.enabled': 'false',
    'test.enabled': 'false',
    'owner.create': 'false',
  },
  'one by digest': { 'image.digest': `sha256:${'a'.repeat(64)}`, 'imagePullSecrets[0].name': 'pull' },
};
/** Most of them at once. */
export const everything: Record<string, string> = Object.assign(
  {},
  ...['sandbox', 'a public address', 'autoscaling', 'a NATS cluster', 'monitoring', 'tracing', 'backups'].map(
    (name) => branches[name],
  ),
) as Record<string, string>;
