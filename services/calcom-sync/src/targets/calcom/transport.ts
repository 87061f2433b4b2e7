import { Agent as HttpAgent, request as httpRequest, type IncomingMessage, type RequestOptions } from 'node:http';
import { Agent as HttpsAgent, request as httpsRequest } from 'node:https';
import { isIP } from 'node:net';
import { garbage } from './errors.ts';
import { ADDRESS_NOT_ALLOWED, createPinnedLookup, type Resolve } from './pinned-lookup.ts';

/** One request; `signal` ends it at any point. */
export type OutgoingRequest = {
  url: string;
  method: string;
  headers: Readonly<Record<string, string>>;
  body?: string;
  signal: AbortSignal;
};

/** A whole answer, whatever its status. Redirects are not followed. */
export type IncomingAnswer = { status: number; headers: Headers; text: string };

/** Sends requests over connections that are kept open. @throws what the network throws, with its `code` */
export type Transport = { exchange(request: OutgoingRequest): Promise<IncomingAnswer>; close(): void };

/** No honest answer is near this; more is cut off. */
const MAX_BODY_BYTES = 4 * 1024 * 1024;
/** A host that keeps connections open no longer than this tells so in its answers. */
const IDLE_MS = 4000;

/** Makes a transport that connects to nothing but the addresses `mayConnect` permits. */
export function createTransport(
  mayConnect: (networkAddress: string) => boolean,
  options: { resolve?: Resolve } = {},
): Transport {
  const lookup = createPinnedLookup(mayConnect, options.resolve);
  const settings = { keepAlive: true, maxSockets: 8, keepAliveMsecs: 1000, timeout: IDLE_MS, lookup };
  const plain = new HttpAgent(settings);
  const secure = new HttpsAgent(settings);

  function open(request: OutgoingRequest): Promise<IncomingMessage> {
    const url = new URL(request.url);
    const literal = url.hostname.replace(/^\[|\]$/g, '');
    // The lookup is not asked for what is an address already.
    if (isIP(literal) !== 0 && !mayConnect(literal)) {
      return Promise.reject(Object.assign(new Error('this address may not be used'), { code: ADDRESS_NOT_ALLOWED }));
    }
    const { method, body, signal } = request;
    const headers = body === undefined ? request.headers : withLength(request.headers, body);
    const https = url.protocol === 'https:';
    const call: RequestOptions = { method, headers, agent: https ? secure : plain, signal };
    return new Promise((resolve, reject) => {
      const outgoing = (https ? httpsRequest : httpRequest)(url, call, resolve);
      outgoing.on('error', reject);
      // The agent's idle time is for connections that wait, not for answers that do; the signal ends those.
      outgoing.setTimeout(0);
      outgoing.end(body);
    });
  }

  return {
    async exchange(request) {
      const answer = await open(request);
      return { status: answer.statusCode ?? 0, headers: toHeaders(answer.rawHeaders), text: await readCapped(answer) };
    },
    close: () => {
      plain.destroy();
      secure.destroy();
    },
  };
}

function withLength(headers: Readonly<Record<string, string>>, body: string): Record<string, string> {
  return { ...headers, 'content-length': String(Buffer.byteLength(body)) };
}

function toHeaders(raw: readonly string[]): Headers {
  const headers = new Headers();
  for (let index = 0; index + 1 < raw.length; index += 2) headers.append(raw[index] ?? '', raw[index + 1] ?? '');
  return headers;
}

async function readCapped(answer: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of answer as AsyncIterable<Buffer>) {
    size += chunk.byteLength;
    if (size > MAX_BODY_BYTES) {
      answer.destroy();
      throw garbage('an answer that is too long');
    }
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString('utf8');
}
