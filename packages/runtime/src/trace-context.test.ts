import { currentTraceId, currentTraceparent, runWithTrace } from './trace-context.ts';

const traceId = '0af7651916cd43dd8448eb211c80319c';

test('keeps the trace and its flags under a span of its own', () => {
  const seen = runWithTrace(`00-${traceId}-b7ad6b7169203331-00`, currentTraceparent);
  expect(seen).toMatch(new RegExp(`^00-${traceId}-[0-9a-f]{16}-00$`));
  expect(seen).not.toContain('b7ad6b7169203331');
});

test.each([
  undefined,
  '',
  'nonsense',
  `00-${'0'.repeat(32)}-b7ad6b7169203331-01`,
  `00-${traceId}-${'0'.repeat(16)}-01`,
  `ff-${traceId}-b7ad6b7169203331-01`,
  `00-${traceId.toUpperCase()}-b7ad6b7169203331-01`,
  `00-${traceId}-b7ad6b7169203331-01-extra`,
  `00-${traceId}-b7ad6b7169203331-01\r\nx: y`,
])('%j starts a fresh trace', (header) => {
  const seen = runWithTrace(header, currentTraceId);
  expect(seen).toMatch(/^[0-9a-f]{32}$/);
  expect(seen).not.toBe(traceId);
});

test('a later version may carry more fields; outside a trace there is none', () => {
  expect(runWithTrace(`01-${traceId}-b7ad6b7169203331-01-extra`, currentTraceId)).toBe(traceId);
  expect(currentTraceparent()).toBeUndefined();
});

test('concurrent work keeps its own trace', async () => {
  const ids = await Promise.all(
    Array.from({ length: 20 }, () =>
      runWithTrace(undefined, async () => {
        const before = currentTraceId();
        await Promise.resolve();
        return before === currentTraceId() ? before : 'mixed up';
      }),
    ),
  );
  expect(new Set(ids).size).toBe(20);
});
