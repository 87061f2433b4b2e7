import type { Registry } from 'prom-client';
import { counter } from './metrics.ts';

/** How long one collector may take before it is left out, in milliseconds; scrapers give a page ten seconds. */
const collectDeadlineMs = 2000;

const failures = counter({
  name: 'daybook_metrics_collect_failures_total',
  help: 'Metrics left out of a scrape because what they ask did not answer',
  labels: ['metric'],
});

type Collected = { name: string; text: string | undefined };

async function withDeadline<T>(work: Promise<T>): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_resolve, reject) => {
    timer = setTimeout(() => reject(new Error('no answer in time')), collectDeadlineMs);
  });
  try {
    return await Promise.race([work, late]);
  } finally {
    clearTimeout(timer);
  }
}

async function collect(registry: Registry, name: string): Promise<Collected> {
  try {
    return { name, text: await withDeadline(registry.getSingleMetricAsString(name)) };
  } catch {
    failures.inc({ metric: name });
    return { name, text: undefined };
  }
}

/**
 * The page a scraper reads. A metric whose collector fails or hangs is left out and counted in
 * `daybook_metrics_collect_failures_total`: when the database is away, the page must not go away with it.
 */
export async function renderMetrics(registry: Registry): Promise<string> {
  const names = registry.getMetricsAsArray().map((metric) => metric.name);
  const collected = await Promise.all(names.map((name) => collect(registry, name)));
  const missing = collected.some(({ text }) => text === undefined);
  // The counter itself was read beside the others, so it is read again once it knows of this page's failures.
  const counted = missing ? await collect(registry, 'daybook_metrics_collect_failures_total') : undefined;
  const texts = collected.map(({ name, text }) => (counted?.name === name ? counted.text : text));
  return `${texts.filter((text) => text !== undefined).join('\n\n')}\n`;
}
