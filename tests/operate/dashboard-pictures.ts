import { mkdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { backUpAndProve } from '@daybook/operate/back-up-and-prove';
import { silentLogger, until } from '@daybook/runtime/testing';
import type { Stack } from '@daybook/stack/start-stack';
import { findChromium, launchChromium } from '../support/browser.ts';
import { drawDashboard, type Dashboard, type Panel } from '../support/draw-dashboard.ts';
import { liveThroughADay } from '../support/eventful-day.ts';
import { fillVariables } from '../support/expressions.ts';
import { startPrometheus, type RunningPrometheus, type Series } from '../support/prometheus-server.ts';
import { findOrFetchPrometheus } from '../support/prometheus-tools.ts';
import { startTestStack } from '../support/stack.ts';

/**
 * Shows that the dashboards' queries answer: a real Prometheus scrapes a running system that lives through an eventful
 * quarter of an hour; every query of both dashboards is asked, and what came back is drawn and photographed. Run by
 * `npm run pictures:dashboards`. Fails when a rule is not healthy or a panel has no answer. These are not Grafana's own
 * pictures, but they are Prometheus' own answers.
 */

const root = process.cwd();
const folder = join(root, 'docs', 'operations', 'pictures');
const minutes = Number(process.env['DASHBOARD_MINUTES'] ?? 6);

async function main(): Promise<void> {
  const { prometheus: binary } = findOrFetchPrometheus();
  const chromium = findChromium();
  if (binary === undefined) throw new Error('No Prometheus was found; install it, or run this where apt-get works.');
  if (chromium === undefined) throw new Error('No Chromium was found; name one in CHROMIUM_BIN.');
  await mkdir(folder, { recursive: true });
  const { stack, stopAndRemove } = await startTestStack();
  let prometheus: RunningPrometheus | undefined;
  try {
    prometheus = await startPrometheus(binary, stack.adminUrls);
    const from = Date.now();
    await takeBackup(stack);
    await liveThroughADay(stack, minutes);
    await assertHealthy(prometheus);
    const seconds = Math.ceil((Date.now() - from) / 1000);
    const browser = await launchChromium(chromium);
    for (const name of ['promise', 'system']) {
      const dashboard = await readDashboard(name);
      const drawn = await drawDashboard(dashboard, (panel) => askPanel(prometheus!, panel, seconds));
      if (drawn.empty.length > 0) throw new Error(`no answer in ${name}: ${drawn.empty.join('; ')}`);
      const context = await browser.newContext({ viewport: { width: 1360, height: 800 }, deviceScaleFactor: 1 });
      const page = await context.newPage();
      await page.setContent(drawn.html);
      await page.screenshot({ path: join(folder, `dashboard-${name}.png`), fullPage: true });
      await context.close();
      process.stdout.write(`${name}: ${dashboard.panels.length} panels, each with an answer\n`);
    }
    await browser.close();
  } finally {
    await prometheus?.stop();
    await stopAndRemove();
  }
}

async function readDashboard(name: string): Promise<Dashboard> {
  const file = join(root, 'helm', 'daybook', 'files', 'dashboards', `${name}.json`);
  return JSON.parse(await readFile(file, 'utf8')) as Dashboard;
}

async function askPanel(prometheus: RunningPrometheus, panel: Panel, seconds: number): Promise<Series[][]> {
  const answers: Series[][] = [];
  for (const { expr } of panel.targets) {
    const query = fillVariables(expr);
    const range = panel.type === 'timeseries';
    answers.push(await (range ? prometheus.askRange(query, seconds, 5) : prometheus.ask(query)));
  }
  return answers;
}

/** Every rule was evaluated and none has a fault. */
async function assertHealthy(prometheus: RunningPrometheus): Promise<void> {
  const rules = await until(
    async () => {
      const found = await prometheus.rules();
      return found.length > 0 && found.every(({ health }) => health !== 'unknown') && found;
    },
    { timeoutMs: 90_000, what: 'every rule to be evaluated' },
  );
  const ill = rules.filter(({ health }) => health !== 'ok');
  if (ill.length > 0) throw new Error(`rules with a fault: ${JSON.stringify(ill)}`);
  process.stdout.write(`${rules.length} rules, all healthy\n`);
}

async function takeBackup(stack: Stack): Promise<void> {
  const { auth, scheduling, calcomSync: calcom_sync } = stack.databaseUrls;
  await backUpAndProve({
    urls: { auth, scheduling, calcom_sync },
    directory: join(stack.dataDirectory, 'backups'),
    ...{ key: undefined, version: '0', retention: { days: 1, atLeast: 1 } },
    ...{ scratchUrl: stack.adminDatabaseUrl, logger: silentLogger },
  });
}

await main();
