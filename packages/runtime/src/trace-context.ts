import { AsyncLocalStorage } from 'node:async_hooks';
import { randomBytes } from 'node:crypto';

/** Where in which trace something happens; ids in hex, as W3C Trace Context writes them. */
export type TracePosition = { traceId: string; spanId: string; flags: string };

/** What a span is called and which side of a hand-over it is. Attributes hold no personal data. */
export type SpanStart = {
  name: string;
  kind: 'server' | 'client' | 'producer' | 'consumer' | 'internal';
  attributes?: Readonly<Record<string, string | number>>;
};

/** A span being measured. `end` with an error marks it as failed; only the first `end` counts. */
export type OpenSpan = TracePosition & {
  rename(name: string): void;
  set(attributes: Readonly<Record<string, string | number>>): void;
  end(failure?: unknown): void;
};

/** Starts spans; `remote` says that the parent came from another process. */
export type SpanSource = (start: SpanStart, parent: (TracePosition & { remote: boolean }) | undefined) => OpenSpan;

type TraceContext = TracePosition & { span?: OpenSpan };

const storage = new AsyncLocalStorage<TraceContext>();
const pattern = /^(?!ff)[0-9a-f]{2}-([0-9a-f]{32})-([0-9a-f]{16})-([0-9a-f]{2})(-.*)?$/;

/** Absent while tracing is off: then ids are handed on for the logs, and no span is ever made. */
let source: SpanSource | undefined;

/** Turns spans on for this process, or off again with undefined. */
export function useSpanSource(next: SpanSource | undefined): void {
  source = next;
}

const randomStockBytes = 4096;
let randomStock = '';
let randomUsed = 0;

/** So many random bytes in hex; fetched by the page, because each trip to the system's source costs more than an id. */
function randomHex(bytes: number): string {
  if (randomUsed + bytes * 2 > randomStock.length) {
    randomStock = randomBytes(randomStockBytes).toString('hex');
    randomUsed = 0;
  }
  randomUsed += bytes * 2;
  return randomStock.slice(randomUsed - bytes * 2, randomUsed);
}

function parseTraceparent(traceparent: string | undefined): TracePosition | undefined {
  const match = traceparent === undefined ? null : pattern.exec(traceparent);
  if (!match || /^0+$/.test(match[1] ?? '') || /^0+$/.test(match[2] ?? '')) return undefined;
  // Version 00 has exactly four fields; only later versions may append more (W3C Trace Context, section 3.2.4).
  if (traceparent?.startsWith('00') && match[4] !== undefined) return undefined;
  return { traceId: match[1] as string, spanId: match[2] as string, flags: match[3] as string };
}

function enter<T>(span: OpenSpan, run: () => T): T {
  const { traceId, spanId, flags } = span;
  return storage.run({ traceId, spanId, flags, span }, run);
}

async function endAfter<T>(span: OpenSpan, run: () => Promise<T>): Promise<T> {
  try {
    const result = await run();
    span.end();
    return result;
  } catch (error) {
    span.end(error);
    throw error;
  }
}

/**
 * Runs work inside the caller's trace, under a span id of our own. A missing or malformed header starts a fresh trace,
 * because a bad header from outside must not break the request.
 * @param start makes it a span, while tracing is on; whoever gives it ends `currentSpan()`
 */
export function runWithTrace<T>(traceparent: string | undefined, run: () => T, start?: SpanStart): T {
  const parent = parseTraceparent(traceparent);
  if (source && start) return enter(source(start, parent && { ...parent, remote: true }), run);
  const { traceId, flags } = parent ?? { traceId: randomHex(16), flags: '01' };
  return storage.run({ traceId, flags, spanId: randomHex(8) }, run);
}

/** Runs work inside the trace of another process, as a span that ends with it; like runWithTrace while tracing is off. */
export function continueTrace<T>(traceparent: string | undefined, start: SpanStart, run: () => Promise<T>): Promise<T> {
  if (!source) return runWithTrace(traceparent, run);
  return runWithTrace(traceparent, () => endAfter(storage.getStore()?.span as OpenSpan, run), start);
}

/** Runs work as a span within the current one; just runs it while tracing is off. */
export function inSpan<T>(start: SpanStart, run: () => Promise<T>): Promise<T> {
  if (!source) return run();
  const parent = storage.getStore();
  const span = source(start, parent && { ...parent, remote: false });
  return enter(span, () => endAfter(span, run));
}

/** The span under way here, or undefined while tracing is off. */
export function currentSpan(): OpenSpan | undefined {
  return storage.getStore()?.span;
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
