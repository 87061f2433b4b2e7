import { until } from '@daybook/runtime/testing';
import { ApiClient, alwaysOpen, startIn } from '../support/api-client.ts';
import { startOtlpReceiver, type OtlpReceiver, type ReceivedSpan } from '../support/otlp-receiver.ts';
import { owner, startTestStack } from '../support/stack.ts';
import type { Stack } from '@daybook/stack/start-stack';

jest.setTimeout(120_000);

let receiver: OtlpReceiver;
let stack: Stack;
let stopAndRemove: () => Promise<void>;
let api: ApiClient;
const lines: string[] = [];

beforeAll(async () => {
  receiver = await startOtlpReceiver();
  const tracing = { OTEL_EXPORTER_OTLP_ENDPOINT: receiver.url };
  ({ stack, stopAndRemove } = await startTestStack({
    extraEnv: { gateway: tracing, auth: tracing, scheduling: tracing, 'calcom-sync': tracing },
    log: (line) => lines.push(line),
    quiet: false,
  }));
  api = await ApiClient.signIn(stack.gatewayUrl, owner);
  await api.replaceAvailability(alwaysOpen());
});
afterAll(async () => {
  await stopAndRemove?.();
  await receiver?.close();
});

/** The chain of spans from one up to its root, by service and name. */
function pathToRoot(spans: ReceivedSpan[], from: ReceivedSpan): string[] {
  const byId = new Map(spans.map((span) => [span.spanId, span]));
  const path: string[] = [];
  for (let at: ReceivedSpan | undefined = from; at; at = byId.get(at.parentSpanId))
    path.push(`${at.service}: ${at.name}`);
  return path;
}

test('one trace runs from the click to the call to Cal.com, and on to the mark on the appointment', async () => {
  const traceId = '4bf92f3577b34da6a3ce929d0e0e4736';
  const booked = await api.request<{ id: string }>('POST', '/api/appointments', {
    body: { customer: { name: 'Ann Lee', email: 'ann@example.com' }, start: startIn(5, 9), durationMinutes: 30 },
    headers: { traceparent: `00-${traceId}-00f067aa0ba902b7-01` },
  });
  expect(booked.status).toBe(201);
  const ofTrace = () => receiver.spans.filter((span) => span.traceId === traceId);
  const isCreate = (span: ReceivedSpan) => span.name === 'POST calcom bookings';
  const isProjection = (span: ReceivedSpan) =>
    span.service === 'scheduling' && span.name.endsWith('process') && span.kind === 5;
  const isComplete = () =>
    ofTrace().some(isCreate) && ofTrace().some(isProjection) && ofTrace().some((span) => span.service === 'gateway');
  await until(async () => isComplete(), { timeoutMs: 15_000, what: 'the spans of all processes' });

  const spans = ofTrace();
  expect(pathToRoot(spans, spans.find(isCreate)!)).toEqual([
    'calcom-sync: POST calcom bookings',
    'calcom-sync: sync step',
    'calcom-sync: daybook.scheduling.v1.appointment.booked process',
    'scheduling: daybook.scheduling.v1.appointment.booked publish',
    'scheduling: daybook.scheduling.v1.SchedulingService/BookAppointment',
    'gateway: daybook.scheduling.v1.SchedulingService/BookAppointment',
    'gateway: POST /api/appointments',
  ]);
  expect(pathToRoot(spans, spans.find(isProjection)!)).toContain('calcom-sync: sync step');
  // The root hangs on the caller's own span, and every other span on one that we sent.
  const ids = new Set(spans.map((span) => span.spanId));
  const roots = spans.filter((span) => !ids.has(span.parentSpanId));
  expect(roots.map((span) => [span.name, span.parentSpanId])).toEqual([['POST /api/appointments', '00f067aa0ba902b7']]);
});

test('every line about a request, an rpc, an event or a step carries its trace, and one trace leads through all processes', async () => {
  const traceId = '6bf92f3577b34da6a3ce929d0e0e4736';
  const booked = await api.request<{ id: string }>('POST', '/api/appointments', {
    body: { customer: { name: 'Cleo Fay' }, start: startIn(7, 9), durationMinutes: 30 },
    headers: { traceparent: `00-${traceId}-00f067aa0ba902b7-01` },
  });
  expect(booked.status).toBe(201);
  const told = () => lines.filter((line) => line.includes(`traceId=${traceId}`)).map((line) => line.split(' ')[1]);
  await until(async () => told().includes('calcom-sync') && told().filter((name) => name === 'scheduling').length > 1, {
    timeoutMs: 15_000,
    what: 'lines of the trace from calendar sync, and of what it told scheduling',
  });
  expect(new Set(told())).toEqual(new Set(['gateway', 'scheduling', 'calcom-sync']));
  const about = lines.filter((line) => / (request|rpc finished|message handled|sync step)( |$)/.test(line));
  expect(about.length).toBeGreaterThan(20);
  expect(about.filter((line) => !/ traceId=[0-9a-f]{32}( |$)/.test(line))).toEqual([]);
});

test('a problem answer names its trace, and spans hold nothing of a person', async () => {
  const traceId = '5bf92f3577b34da6a3ce929d0e0e4736';
  const refused = await api.request<unknown>('POST', '/api/appointments', {
    body: { customer: { name: 'Ann Lee', email: 'ann@example.com' }, start: startIn(5, 9), durationMinutes: 30 },
    headers: { traceparent: `00-${traceId}-00f067aa0ba902b7-01` },
  });
  expect(refused.status).toBe(409);
  expect(refused.problem).toMatchObject({ traceId });
  await until(async () => receiver.spans.some((span) => span.traceId === traceId && span.service === 'gateway'), {
    timeoutMs: 10_000,
    what: 'the span of the refused request',
  });
  expect(JSON.stringify(receiver.spans)).not.toMatch(/Ann|ann@example|Bearer|cal_/);
});

test('a receiver that is away costs spans and no request', async () => {
  await receiver.close();
  const booked = await api.book({
    customer: { name: 'Ben Roy', email: 'ben@example.com' },
    start: startIn(6, 9),
    durationMinutes: 30,
  });
  expect(booked.status).toBe(201);
  const lost = async (): Promise<boolean> => {
    const page = await (await fetch(`${stack.adminUrls.gateway}/metrics`)).text();
    return /daybook_trace_spans_total\{outcome="lost"\} [1-9]/.test(page);
  };
  await until(lost, { timeoutMs: 30_000, what: 'lost spans to be counted' });
});
