import { AsyncLocalStorage } from 'node:async_hooks';
import { randomBytes } from 'node:crypto';

type TraceContext = { traceId: string; spanId: string; flags: string };

const storage = new AsyncLocalStorage<TraceContext>();
const pattern = /^(?!ff)[0-9a-f]{2}-([0-9a-f]{32})-([0-9a-f]{16})-([0-9a-f]{2})(-.*)?$/;

function randomHex(bytes: number): string {
  return randomBytes(bytes).toString('hex');
}

function parseTraceparent(traceparent: string | undefined): Pick<TraceContext, 'traceId' | 'flags'> | undefined {
  const match = traceparent === undefined ? null : pattern.exec(traceparent);
  if (!match || /^0+$/.test(match[1] ?? '') || /^0+$/.test(match[2] ?? '')) return undefined;
  // Version 00 has exactly four fields; only later versions may append more (W3C Trace Context, section 3.2.4).
  if (traceparent?.startsWith('00') && match[4] !== undefined) return undefined;
  return { traceId: match[1] as string, flags: match[3] as string };
}

/**
 * Runs work inside the caller's trace, under a span id of our own. A missing or malformed header starts a fresh trace,
 * because a bad header from outside must not break the request.
 */
export function runWithTrace<T>(traceparent: string | undefined, run: () => T): T {
  const parent = parseTraceparent(traceparent) ?? { traceId: randomHex(16), flags: '01' };
  return storage.run({ ...parent, spanId: randomHex(8) }, run);
}

/** The W3C traceparent to send onward, or undefined outside a trace. */
export function currentTraceparent(): string | undefined {
  const context = storage.getStore();
  return context && `00-${context.traceId}-${context.spanId}-${context.flags}`;
}

/** The 32 hex digits that all log lines of one request share, or undefined outside a trace. */
export function currentTraceId(): string | undefined {
  return storage.getStore()?.traceId;
}
