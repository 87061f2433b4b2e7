import { ROOT_CONTEXT, SpanKind, SpanStatusCode, trace } from '@opentelemetry/api';
import type { Span, SpanContext } from '@opentelemetry/api';
import { ExportResultCode } from '@opentelemetry/core';
import { OTLPTraceExporter } from '@opentelemetry/exporter-trace-otlp-http';
import { resourceFromAttributes } from '@opentelemetry/resources';
import {
  BatchSpanProcessor,
  ParentBasedSampler,
  TraceIdRatioBasedSampler,
  TracerProvider,
} from '@opentelemetry/sdk-trace';
import type { ReadableSpan, SpanExporter } from '@opentelemetry/sdk-trace';
import { findDomainError } from './errors.ts';
import { counter } from './metrics.ts';
import { useSpanSource } from './trace-context.ts';
import type { OpenSpan, SpanSource } from './trace-context.ts';

/** Where spans go. */
export type TracingOptions = {
  /** Base address of an OTLP/HTTP receiver; `/v1/traces` is appended. */
  endpoint: string;
  /** What this process is called in the traces. */
  serviceName: string;
  version: string;
  /** Share of new traces that are kept, 0 to 1; traces begun elsewhere follow their own flag. */
  ratio: number;
};

const exportDeadlineMs = 3000;
const batchDelayMs = 1000;

const exportedTotal = counter({
  name: 'daybook_trace_spans_total',
  help: 'Spans by whether the receiver took them',
  labels: ['outcome'],
});

const kinds: Readonly<Record<Parameters<SpanSource>[0]['kind'], SpanKind>> = {
  server: SpanKind.SERVER,
  client: SpanKind.CLIENT,
  producer: SpanKind.PRODUCER,
  consumer: SpanKind.CONSUMER,
  internal: SpanKind.INTERNAL,
};

/** Counts what the receiver took: the library drops what it cannot deliver without a word. */
function countExports(exporter: SpanExporter): SpanExporter {
  return {
    export(spans: ReadableSpan[], done) {
      exporter.export(spans, (result) => {
        const outcome = result.code === ExportResultCode.SUCCESS ? 'taken' : 'lost';
        exportedTotal.inc({ outcome }, spans.length);
        done(result);
      });
    },
    shutdown: () => exporter.shutdown(),
    forceFlush: () => exporter.forceFlush?.() ?? Promise.resolve(),
  };
}

/** Errors are named, not quoted: their messages may hold what people wrote. */
function nameOf(error: unknown): string {
  return findDomainError(error)?.code ?? (error instanceof Error ? error.name : 'Error');
}

function wrap(span: Span): OpenSpan {
  const { traceId, spanId, traceFlags } = span.spanContext();
  let ended = false;
  return {
    traceId,
    spanId,
    flags: traceFlags.toString(16).padStart(2, '0'),
    rename: (name) => void span.updateName(name),
    set: (attributes) => void span.setAttributes(attributes),
    end(failure) {
      if (ended) return;
      ended = true;
      if (failure !== undefined) {
        span.setAttribute('error.type', nameOf(failure));
        span.setStatus({ code: SpanStatusCode.ERROR });
      }
      span.end();
    },
  };
}

/**
 * Sends this process's spans to an OTLP/HTTP receiver, in batches, until the returned function is called. A receiver that
 * is away costs spans and nothing else. Loaded only when tracing is wanted, so that it costs nothing otherwise.
 */
export function startTracing(options: TracingOptions): () => Promise<void> {
  const exporter = new OTLPTraceExporter({
    url: `${options.endpoint.replace(/\/+$/, '')}/v1/traces`,
    timeoutMillis: exportDeadlineMs,
  });
  const provider = new TracerProvider({
    resource: resourceFromAttributes({
      'service.name': options.serviceName,
      'service.version': options.version,
      'service.namespace': 'daybook',
    }),
    sampler: new ParentBasedSampler({ root: new TraceIdRatioBasedSampler(options.ratio) }),
    spanProcessors: [new BatchSpanProcessor({ exporter: countExports(exporter), scheduledDelayMillis: batchDelayMs })],
  });
  const tracer = provider.getTracer('daybook');
  useSpanSource((start, parent) => {
    const context: SpanContext | undefined = parent && {
      traceId: parent.traceId,
      spanId: parent.spanId,
      traceFlags: Number.parseInt(parent.flags, 16) & 1,
      isRemote: parent.remote,
    };
    const { name, kind, attributes } = start;
    const settings = { kind: kinds[kind], ...(attributes && { attributes }) };
    return wrap(tracer.startSpan(name, settings, context ? trace.setSpanContext(ROOT_CONTEXT, context) : ROOT_CONTEXT));
  });
  return () => provider.shutdown();
}
