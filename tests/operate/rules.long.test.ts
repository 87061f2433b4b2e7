import { execFile } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { stringify } from 'yaml';
import { until } from '@daybook/runtime/testing';
import type { Stack } from '@daybook/stack/start-stack';
import { ApiClient, alwaysOpen, startIn } from '../support/api-client.ts';
import { metricsOf, readDashboardExpressions, readRules, rulesFile } from '../support/expressions.ts';
import { liveThroughADay } from '../support/eventful-day.ts';
import { startPrometheus } from '../support/prometheus-server.ts';
import { findOrFetchPrometheus } from '../support/prometheus-tools.ts';
import { owner, startTestStack } from '../support/stack.ts';

jest.setTimeout(180_000);

const run = promisify(execFile);
const { promtool, prometheus } = findOrFetchPrometheus();
const withPromtool = promtool ? describe : describe.skip;
const withPrometheus = prometheus ? describe : describe.skip;

const unitTests = ['alerts.promtool.yaml', 'slow-alerts.promtool.yaml'].map((file) => join(__dirname, file));

describe('the metrics that rules and dashboards name', () => {
  let stack: Stack;
  let stopAndRemove: () => Promise<void>;

  beforeAll(async () => {
    ({ stack, stopAndRemove } = await startTestStack());
    const api = await ApiClient.signIn(stack.gatewayUrl, owner);
    await api.replaceAvailability(alwaysOpen());
    const booked = await api.book({ customer: { name: 'Ann Lee' }, start: startIn(4, 9), durationMinutes: 30 });
    expect(booked.status).toBe(201);
    await until(async () => (await api.appointment(booked.body.id)).body.sync.state === 'in_step', {
      timeoutMs: 10_000,
      what: 'the appointment in step',
    });
  });
  afterAll(async () => stopAndRemove?.());

  /** The names a running system serves, histograms by their series. */
  async function servedNames(): Promise<Set<string>> {
    const pages = await Promise.all(
      Object.values(stack.adminUrls).map(async (url) => (await fetch(`${url}/metrics`)).text()),
    );
    const kinds = [...pages.join('\n').matchAll(/^# TYPE (\S+) (\S+)$/gm)].map(([, name = '', kind]) => ({
      name,
      kind,
    }));
    return new Set(
      kinds.flatMap(({ name, kind }) =>
        kind === 'histogram' ? [`${name}_bucket`, `${name}_count`, `${name}_sum`] : [name],
      ),
    );
  }

  test('are all served by a running system, or recorded by a rule', async () => {
    const known = await servedNames();
    // Prometheus itself says whether it reached a target.
    known.add('up');
    for (const { record } of readRules()) if (record) known.add(record);
    const expressions = [
      ...readRules().map((rule) => rule.expr),
      ...readDashboardExpressions().map(({ expr }) => expr),
    ];
    const named = new Set(expressions.flatMap(metricsOf));
    expect(named.size).toBeGreaterThan(25);
    expect([...named].filter((name) => !known.has(name))).toEqual([]);
  });

  test('have bounded labels: nothing a person typed, no path, no id', async () => {
    for (const [name, url] of Object.entries(stack.adminUrls)) {
      const page = await (await fetch(`${url}/metrics`)).text();
      expect(page).not.toMatch(/[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-|Ann|@/);
      expect([name, page.split('\n').length < 2500]).toEqual([name, true]);
    }
  });

  test('are missing one by one, not all together, while the database is away', async () => {
    await stack.postgres.stop();
    const page = await until(
      async () => {
        const answer = await fetch(`${stack.adminUrls.scheduling}/metrics`);
        const text = await answer.text();
        expect(answer.status).toBe(200);
        return !/^daybook_outbox_oldest_seconds /m.test(text) && text;
      },
      { timeoutMs: 10_000, what: 'the outage to show' },
    );
    await stack.postgres.start();
    expect(page).toContain('daybook_rpc_server_duration_seconds_count');
    expect(page).toMatch(/daybook_metrics_collect_failures_total\{metric="daybook_outbox_oldest_seconds"\} [1-9]/);
  });

  withPrometheus('with a Prometheus at hand', () => {
    test('every rule is healthy on a running system, and every panel is answered', async () => {
      const server = await startPrometheus(prometheus ?? '', stack.adminUrls);
      try {
        await liveThroughADay(stack, 0.5);
        const rules = await until(
          async () => {
            const all = await server.rules();
            return all.length === readRules().length && all.every(({ health }) => health !== 'unknown') && all;
          },
          { timeoutMs: 90_000, what: 'Prometheus to evaluate every rule' },
        );
        expect(rules.filter(({ health }) => health !== 'ok')).toEqual([]);
        const silent: string[] = [];
        for (const { place, expr } of readDashboardExpressions()) {
          if ((await server.ask(expr)).length === 0) silent.push(place);
        }
        // No backup was taken here; the dashboards then show nothing rather than an age of half a century.
        expect(silent).toEqual([
          'promise.json, Age of the newest backup',
          'promise.json, Age of the last proven restore',
        ]);
      } finally {
        await server.stop();
      }
    });
  });
});

withPromtool('with promtool at hand', () => {
  test('the rules are well formed and every alert does what its unit tests say', async () => {
    await run(promtool ?? '', ['check', 'rules', rulesFile]);
    for (const file of unitTests) await run(promtool ?? '', ['test', 'rules', file], { timeout: 120_000 });
  });

  test('the unit tests notice a rule that no longer fires', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'daybook-rules-'));
    const broken = readFileSync(rulesFile, 'utf8').replace(
      '(daybook_outbox_oldest_seconds) > 60',
      '(daybook_outbox_oldest_seconds) > 6000',
    );
    await writeFile(join(folder, 'rules.yaml'), broken);
    const tests = readFileSync(unitTests[0] ?? '', 'utf8').replace(/rule_files: .*/, 'rule_files: [rules.yaml]');
    await writeFile(join(folder, 'tests.yaml'), tests);
    const answer = await run(promtool ?? '', ['test', 'rules', join(folder, 'tests.yaml')]).catch(
      (error: unknown) => error,
    );
    await rm(folder, { recursive: true, force: true });
    expect(String((answer as { stderr?: string }).stderr)).toContain('DaybookOutboxStuck');
  });

  test('every expression of the dashboards is parsed', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'daybook-dashboards-'));
    const rules = readDashboardExpressions().map(({ expr }, at) => ({ record: `panel:number_${at}`, expr }));
    await writeFile(join(folder, 'panels.yaml'), stringify({ groups: [{ name: 'panels', rules }] }));
    await run(promtool ?? '', ['check', 'rules', join(folder, 'panels.yaml')]);
    await rm(folder, { recursive: true, force: true });
  });
});
