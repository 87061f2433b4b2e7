import { Counter, Gauge, Histogram, Registry, collectDefaultMetrics } from 'prom-client';

/** The process's metrics, served by the admin port. */
export const registry: Registry = new Registry();
collectDefaultMetrics({ register: registry });

/** Seconds; fine around the promises we make (25 ms slots, 250 ms bookings, 5 s sync). */
export const durationBuckets: readonly number[] = [
  0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10,
];

type MetricOptions<Label extends string> = { name: string; help: string; labels?: readonly Label[] };

/** A counter on the process's registry; asking for the same name again gives the same counter. */
export function counter<Label extends string = never>(options: MetricOptions<Label>): Counter<Label> {
  const existing = registry.getSingleMetric(options.name) as Counter<Label> | undefined;
  return (
    existing ??
    new Counter({ name: options.name, help: options.help, labelNames: options.labels ?? [], registers: [registry] })
  );
}

/** A histogram on the process's registry; buckets in the unit the name ends with (seconds by default). */
export function histogram<Label extends string = never>(
  options: MetricOptions<Label> & { buckets?: readonly number[] },
): Histogram<Label> {
  const existing = registry.getSingleMetric(options.name) as Histogram<Label> | undefined;
  return (
    existing ??
    new Histogram({
      name: options.name,
      help: options.help,
      labelNames: options.labels ?? [],
      buckets: [...(options.buckets ?? durationBuckets)],
      registers: [registry],
    })
  );
}

/** A gauge on the process's registry; `collect` is asked at each scrape and may set values. */
export function gauge<Label extends string = never>(
  options: MetricOptions<Label> & { collect?: (self: Gauge<Label>) => void | Promise<void> },
): Gauge<Label> {
  const existing = registry.getSingleMetric(options.name) as Gauge<Label> | undefined;
  if (existing) return existing;
  const { collect } = options;
  return new Gauge<Label>({
    name: options.name,
    help: options.help,
    labelNames: options.labels ?? [],
    registers: [registry],
    ...(collect && {
      collect(this: Gauge<Label>) {
        return collect(this);
      },
    }),
  });
}

/** Always 1; its labels say which version of which component runs. An unknown commit is empty. */
export const buildInfo: Gauge<'component' | 'version' | 'commit' | 'node'> = gauge({
  name: 'daybook_build_info',
  help: 'Which version of which component runs here',
  labels: ['component', 'version', 'commit', 'node'],
});

/**
 * Lets gauges that tell parts of one answer ask once: calls within `forMs` milliseconds of the first share its promise.
 * A failure is shared as well, then asked anew.
 */
export function shareReading<T>(read: () => Promise<T>, forMs = 1000): () => Promise<T> {
  let current: { at: number; answer: Promise<T> } | undefined;
  return () => {
    const now = performance.now();
    if (!current || now - current.at > forMs) current = { at: now, answer: read() };
    return current.answer;
  };
}

const serverDuration = histogram({
  name: 'daybook_rpc_server_duration_seconds',
  help: 'Time to answer an rpc, by outcome; its count is the rate, its code label gives the errors',
  labels: ['service', 'method', 'code'],
});

const clientDuration = histogram({
  name: 'daybook_rpc_client_duration_seconds',
  help: 'Time until an rpc to another process was answered or given up, by outcome',
  labels: ['service', 'method', 'code'],
});

/** Rate, errors and duration of one rpc; `path` is `/package.Service/Method`. */
export function observeRpc(side: 'server' | 'client', path: string, code: string, seconds: number): void {
  const [, service = '', method = ''] = path.split('/');
  (side === 'server' ? serverDuration : clientDuration).observe({ service, method, code }, seconds);
}
