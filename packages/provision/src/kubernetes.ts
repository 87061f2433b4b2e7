import { readFileSync } from 'node:fs';
import { request } from 'node:https';

/** Values of a Secret object in clear text, by key. */
export type SecretData = Record<string, string>;

/** The part of a cluster's API that making secrets needs. */
export type SecretStore = {
  /** Undefined when there is no such object. */
  read(name: string): Promise<SecretData | undefined>;
  create(name: string, type: string, data: SecretData): Promise<void>;
  /** Adds and replaces keys; others stay. */
  patch(name: string, data: SecretData): Promise<void>;
};

/** Where the cluster's API is and how to speak to it; `labels` are put on every object that is made. */
export type ClusterAccess = {
  baseUrl: string;
  authority: Buffer;
  readToken(): string;
  namespace: string;
  labels: Record<string, string>;
};

const mounted = '/var/run/secrets/kubernetes.io/serviceaccount';
const timeoutMs = 10_000;

/** The access a pod has by its service account. @throws Error outside of a cluster */
export function accessFromPod(host: string, port: string, labels: Record<string, string>): ClusterAccess {
  return {
    baseUrl: `https://${host.includes(':') ? `[${host}]` : host}:${port}`,
    authority: readFileSync(`${mounted}/ca.crt`),
    readToken: () => readFileSync(`${mounted}/token`, 'utf8').trim(),
    namespace: readFileSync(`${mounted}/namespace`, 'utf8').trim(),
    labels,
  };
}

type Answer = { status: number; body: string };

function send(access: ClusterAccess, method: string, path: string, type?: string, body?: unknown): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const call = request(
      new URL(path, access.baseUrl),
      {
        method,
        ca: access.authority,
        timeout: timeoutMs,
        headers: {
          authorization: `Bearer ${access.readToken()}`,
          accept: 'application/json',
          ...(type && { 'content-type': type }),
        },
      },
      (response) => {
        const chunks: Buffer[] = [];
        response.on('data', (chunk: Buffer) => chunks.push(chunk));
        response.on('end', () => resolve({ status: response.statusCode ?? 0, body: Buffer.concat(chunks).toString() }));
        response.on('error', reject);
      },
    );
    call.on('timeout', () => call.destroy(new Error('the cluster did not answer in time')));
    call.on('error', reject);
    call.end(body === undefined ? undefined : JSON.stringify(body));
  });
}

/** Answers hold the object sent, secrets included: only status and reason are told. */
function fault(action: string, name: string, { status, body }: Answer): Error {
  let reason = '';
  try {
    reason = (JSON.parse(body) as { reason?: string }).reason ?? '';
  } catch {
    // No JSON, no reason.
  }
  return new Error(`The secret ${name} cannot be ${action}: the cluster answered ${status} ${reason}`.trim());
}

const encode = (data: SecretData): SecretData =>
  Object.fromEntries(Object.entries(data).map(([key, value]) => [key, Buffer.from(value, 'utf8').toString('base64')]));

/** Secrets of one namespace, by the cluster's API. */
export function openSecretStore(access: ClusterAccess): SecretStore {
  const collection = `/api/v1/namespaces/${encodeURIComponent(access.namespace)}/secrets`;
  const at = (name: string): string => `${collection}/${encodeURIComponent(name)}`;
  return {
    async read(name) {
      const answer = await send(access, 'GET', at(name));
      if (answer.status === 404) return undefined;
      if (answer.status !== 200) throw fault('read', name, answer);
      const { data = {} } = JSON.parse(answer.body) as { data?: SecretData };
      return Object.fromEntries(
        Object.entries(data).map(([key, value]) => [key, Buffer.from(value, 'base64').toString('utf8')]),
      );
    },
    async create(name, type, data) {
      const metadata = { name, labels: access.labels };
      const body = { apiVersion: 'v1', kind: 'Secret', type, metadata, data: encode(data) };
      const answer = await send(access, 'POST', collection, 'application/json', body);
      if (answer.status !== 201) throw fault('made', name, answer);
    },
    async patch(name, data) {
      const answer = await send(access, 'PATCH', at(name), 'application/merge-patch+json', { data: encode(data) });
      if (answer.status !== 200) throw fault('changed', name, answer);
    },
  };
}
