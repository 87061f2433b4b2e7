import { Gauge, Registry } from 'prom-client';
import { registry } from './metrics.ts';
import { renderMetrics } from './metrics-page.ts';

function withFailing(collect: () => Promise<void>): Registry {
  const page = Registry.merge([registry]);
  new Gauge({ name: 'fine', help: 'answers', registers: [page] }).set(3);
  new Gauge({ name: 'broken', help: 'does not', registers: [page], collect });
  return page;
}

test('a collector that fails is left out and counted on the same page', async () => {
  const text = await renderMetrics(withFailing(() => Promise.reject(new Error('the database is away'))));
  expect(text).toContain('fine 3');
  expect(text).not.toMatch(/^broken/m);
  expect(text).toContain('daybook_metrics_collect_failures_total{metric="broken"} 1');
});

test('a collector that hangs does not hold up the page', async () => {
  const startedAt = performance.now();
  const text = await renderMetrics(withFailing(() => new Promise(() => undefined)));
  expect(text).toContain('fine 3');
  expect(text).not.toMatch(/^broken/m);
  expect(performance.now() - startedAt).toBeLessThan(4000);
});
