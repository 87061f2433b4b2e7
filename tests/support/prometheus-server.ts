import { spawn } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { stringify } from 'yaml';
import { until } from '@daybook/runtime/testing';
import { findFreePorts } from '@daybook/stack/free-port';
import { rulesFile } from './expressions.ts';

/** One line of an answer: its labels, and a value or a row of them, each with its instant in epoch seconds. */
export type Series = {
  metric: Record<string, string>;
  value?: [number, string];
  values?: [number, string][];
};

/** A rule as Prometheus itself judges it. */
export type JudgedRule = { name: string; type: 'alerting' | 'recording'; health: string; lastError?: string };

/** A real Prometheus that scrapes a running system and evaluates our rules. */
export type RunningPrometheus = {
  url: string;
  /** An expression as of now. @throws Error with Prometheus' own words when it refuses the expression */
  ask(expr: string): Promise<Series[]>;
  /** An expression over the last seconds, a value each step. @throws Error as `ask` */
  askRange(expr: string, seconds: number, step: number): Promise<Series[]>;
  rules(): Promise<JudgedRule[]>;
  stop(): Promise<void>;
};

const SCRAPE_EVERY = '2s';

/**
 * Starts it in a folder of its own and resolves when every target was scraped.
 * @param binary a `prometheus` program
 * @param adminUrls admin addresses by component, as in `Stack`
 */
export async function startPrometheus(binary: string, adminUrls: Record<string, string>): Promise<RunningPrometheus> {
  const folder = await mkdtemp(join(tmpdir(), 'daybook-prometheus-'));
  const targets = Object.values(adminUrls).map((url) => new URL(url).host);
  const configuration = {
    global: { scrape_interval: SCRAPE_EVERY, evaluation_interval: SCRAPE_EVERY },
    rule_files: [rulesFile],
    scrape_configs: [{ job_name: 'daybook', static_configs: [{ targets }] }],
  };
  await writeFile(join(folder, 'prometheus.yml'), stringify(configuration));
  const [port] = await findFreePorts(1);
  const url = `http://127.0.0.1:${port}`;
  const server = spawn(
    binary,
    [
      `--config.file=${join(folder, 'prometheus.yml')}`,
      `--storage.tsdb.path=${join(folder, 'data')}`,
      `--web.listen-address=127.0.0.1:${port}`,
    ],
    { stdio: 'ignore' },
  );
  const ended = new Promise((resolve) => server.once('exit', resolve));

  async function get<T>(path: string, parameters: Record<string, string> = {}): Promise<T> {
    const answer = await fetch(`${url}/api/v1/${path}?${new URLSearchParams(parameters).toString()}`);
    const body = (await answer.json()) as { status: string; data: T; error?: string };
    if (body.status !== 'success') throw new Error(`Prometheus refuses ${parameters['query'] ?? path}: ${body.error}`);
    return body.data;
  }
  type Result = { result: Series[] };
  const prometheus: RunningPrometheus = {
    url,
    ask: async (query) => (await get<Result>('query', { query })).result,
    async askRange(query, seconds, step) {
      const end = Math.floor(Date.now() / 1000);
      const span = { start: String(end - seconds), end: String(end), step: String(step) };
      return (await get<Result>('query_range', { query, ...span })).result;
    },
    rules: async () => (await get<{ groups: { rules: JudgedRule[] }[] }>('rules')).groups.flatMap(({ rules }) => rules),
    async stop() {
      server.kill('SIGTERM');
      await ended;
      await rm(folder, { recursive: true, force: true });
    },
  };
  try {
    const up = async (): Promise<string | undefined> => (await prometheus.ask('sum(up)'))[0]?.value?.[1];
    await until(async () => (await up().catch(() => undefined)) === String(targets.length), {
      timeoutMs: 60_000,
      what: 'Prometheus to have scraped every process',
    });
  } catch (error) {
    await prometheus.stop();
    throw error;
  }
  return prometheus;
}
