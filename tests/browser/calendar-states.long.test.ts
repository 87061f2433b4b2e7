import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import type { Browser, Page } from 'playwright-core';
import { until } from '@daybook/runtime/testing';
import type { Stack } from '@daybook/stack/start-stack';
import { alwaysOpen, ApiClient } from '../support/api-client.ts';
import { findChromium, launchChromium, openWindow, takePicture, viewports } from '../support/browser.ts';
import { dragEntry, entry, signIn } from '../support/calendar-screen.ts';
import { owner, startTestStack } from '../support/stack.ts';
import { workUntilSeen } from '../support/work-until-seen.ts';

jest.setTimeout(240_000);

const chromium = findChromium();
const inBrowser = chromium ? describe : describe.skip;
const luxembourg = 'Europe/Luxembourg';
const axeSource = readFileSync(createRequire(__filename).resolve('axe-core/axe.min.js'), 'utf8');
const narrow = { width: 320, height: 640 };

inBrowser('the calendar in every state', () => {
  let stack: Stack;
  let stopAndRemove: () => Promise<void>;
  let browser: Browser;
  let api: ApiClient;
  const today = Temporal.Now.plainDateISO(luxembourg);
  const monday = today.add({ days: 8 - today.dayOfWeek }).toString();

  const bookAt = async (name: string, start: string, durationMinutes = 30) => {
    const answer = await api.book({ customer: { name }, start, durationMinutes, override: true });
    if (answer.status !== 201) throw new Error(`booking ${name} answered ${answer.status} ${answer.problem?.code}`);
    return answer.body;
  };
  const instantOf = (day: string, time: string, zone = luxembourg) =>
    Temporal.PlainDateTime.from(`${day}T${time}`).toZonedDateTime(zone).toInstant().toString();

  beforeAll(async () => {
    ({ stack, stopAndRemove } = await startTestStack({ extraEnv: { scheduling: { DEFAULT_TIME_ZONE: luxembourg } } }));
    api = await ApiClient.signIn(stack.gatewayUrl, owner);
    await api.replaceAvailability({
      timeZone: luxembourg,
      weekly: (['monday', 'tuesday', 'wednesday', 'thursday', 'friday'] as const).map((day) => ({
        day,
        start: '09:00',
        end: '17:00',
      })),
      overrides: [{ date: monday, intervals: [{ start: '10:00', end: '15:00' }] }],
    });
    await bookAt('Maximiliane-Theodora von und zu Hohenstein-Wittelsbach', instantOf(monday, '10:00'));
    await bookAt('Bo Ng', instantOf(monday, '11:00'), 60);
    browser = await launchChromium(chromium!);
  });
  afterAll(async () => {
    await browser?.close();
    await stopAndRemove?.();
  });

  test('no fault of access in either theme, no sideways scroll at 390 and 320 pixels', async () => {
    const found: string[] = [];
    for (const [size, viewport] of Object.entries({ ...viewports, narrow }))
      for (const colorScheme of ['light', 'dark'] as const) {
        const { page, faults, context } = await openWindow(browser, { viewport, colorScheme });
        await signIn(page, stack.gatewayUrl);
        const look = async (name: string) => {
          const where = `${size} ${colorScheme} ${name}`;
          if ((await sideways(page)) !== 0) found.push(`${where}: scrolls sideways`);
          if (size !== 'narrow') found.push(...(await faultsOfAccess(page)).map((fault) => `${where}: ${fault}`));
          await takePicture(page, `${name}-${size}${colorScheme === 'dark' ? '-dark' : ''}`);
        };
        await page.getByText('Maximiliane').first().waitFor();
        await look('today');
        for (const view of ['day', 'week', 'month', 'agenda']) {
          await page.goto(`${stack.gatewayUrl}/calendar?view=${view}&date=${monday}`);
          await page.locator('[data-entry]').first().waitFor();
          await look(`calendar-${view}`);
        }
        for (const [key, name] of [
          ['q', 'Quick booking'],
          ['Control+k', 'Find and do'],
          ['?', 'Keyboard shortcuts'],
        ] as const) {
          await page.keyboard.press(key);
          await page.getByRole('dialog', { name }).waitFor();
          await look(name.toLowerCase().replaceAll(' ', '-'));
          await page.keyboard.press('Escape');
          await page.getByRole('dialog', { name }).waitFor({ state: 'detached' });
        }
        found.push(...faults);
        await context.close();
      }
    expect(found).toEqual([]);
  });

  test('without a connection the last known day is read, nothing can be changed, and it heals', async () => {
    const { page, context, faults } = await openWindow(browser, { viewport: viewports.desktop });
    await signIn(page, stack.gatewayUrl);
    await page.getByText('Bo Ng').first().waitFor();
    await page.evaluate('navigator.serviceWorker.ready.then(() => true)');
    // What was read before the worker was there is read once more, as any later visit does.
    await page.reload();
    await page.getByText('Bo Ng').first().waitFor();
    await page.waitForLoadState('networkidle').catch(() => undefined);
    await context.setOffline(true);
    await page.reload();
    await page.getByText('Bo Ng').first().waitFor();
    await page.getByText(/^Offline: you see what was known at/).waitFor();
    await takePicture(page, 'today-offline-desktop');
    expect(await page.getByRole('button', { name: 'New appointment' }).isDisabled()).toBe(true);
    await context.setOffline(false);
    await page.getByText(/^Offline: you see/).waitFor({ state: 'detached', timeout: 40_000 });
    await page.getByRole('button', { name: 'Account and app' }).click();
    await page.getByRole('button', { name: 'Sign out' }).click();
    await page.getByLabel('Password').waitFor();
    const left = await page.evaluate<string>(
      `caches.keys().then(async (names) => JSON.stringify((await Promise.all(names.map(async (name) =>
        (await (await caches.open(name)).keys()).map((request) => request.url)))).flat()))`,
    );
    expect(left).not.toContain('/api/');
    expect(faults.filter((fault) => !/ERR_INTERNET_DISCONNECTED|ERR_FAILED/.test(fault))).toEqual([]);
    await context.close();
  });

  test('a week in which nothing stands scrolls by the keyboard, and no view of it keeps anybody out', async () => {
    const bare = Temporal.PlainDate.from(monday).add({ days: 70 }).toString();
    const { page, context, faults } = await openWindow(browser, { viewport: viewports.desktop });
    await signIn(page, stack.gatewayUrl, `/calendar?view=week&date=${bare}`);
    const hours = page.getByRole('rowgroup', { name: /^Hours/ });
    await hours.waitFor();
    const place = () => page.evaluate<number>("document.querySelector('[role=rowgroup][tabindex]').scrollTop");
    const grid = page.getByRole('application');
    await grid.focus();
    const begin = await place();
    await page.keyboard.press('PageDown');
    await until(async () => (await place()) > begin, { timeoutMs: 4000, intervalMs: 20, what: 'the hours to scroll' });
    await page.keyboard.press('PageUp');
    await until(async () => (await place()) <= begin, { timeoutMs: 4000, intervalMs: 20, what: 'them to come back' });
    await hours.focus();
    await page.keyboard.press('ArrowDown');
    await until(async () => (await place()) > begin, { timeoutMs: 4000, intervalMs: 20, what: 'an arrow to scroll' });
    const found: string[] = [];
    for (const view of ['week', 'day', 'month', 'agenda']) {
      await page.goto(`${stack.gatewayUrl}/calendar?view=${view}&date=${bare}`);
      await page.locator(`[data-view=${view}]`).waitFor();
      await page.waitForTimeout(500);
      found.push(...(await faultsOfAccess(page)).map((fault) => `${view}: ${fault}`));
    }
    expect(found).toEqual([]);
    // Where something stands, that takes the focus, and the hours need no stop of their own.
    await page.goto(`${stack.gatewayUrl}/calendar?view=week&date=${monday}`);
    await page.locator('[data-entry]').first().waitFor();
    expect(await hours.count()).toBe(0);
    expect(faults).toEqual([]);
    await context.close();
  });

  test.each([
    { zone: luxembourg, forward: '2027-03-28', back: '2027-10-31', first: '+02:00', again: '+01:00', hour: '02' },
    {
      zone: 'America/New_York',
      forward: '2027-03-14',
      back: '2027-11-07',
      first: '-04:00',
      again: '-05:00',
      hour: '01',
    },
  ])('the days of the clock change in $zone', async ({ zone, forward, back, first, again, hour }) => {
    await api.replaceAvailability(alwaysOpen(zone));
    const { id } = await bookAt(`Forward ${zone}`, instantOf(forward, '04:00', zone));
    await bookAt(`First ${zone}`, `${back}T${hour}:30:00${first}`);
    await bookAt(`Again ${zone}`, `${back}T${hour}:30:00${again}`);
    const { page, context, faults } = await openWindow(browser, {
      viewport: viewports.desktop,
      timezoneId: 'Pacific/Auckland',
    });
    await signIn(page, stack.gatewayUrl, `/calendar?view=week&date=${forward}`);
    await page.getByText(/the clocks go forward\. The time from 02:00 to 03:00 does not exist/).waitFor();
    await dragEntry(page, entry(page, `Forward ${zone}`), forward, '01:30');
    await page
      .locator('[data-sonner-toast]')
      .filter({ hasText: /Moved Forward/ })
      .waitFor();
    expect(Date.parse((await api.appointment(id)).body.start)).toBe(Date.parse(instantOf(forward, '01:30', zone)));
    await page.goto(`${stack.gatewayUrl}/calendar?view=week&date=${back}`);
    await page.getByText(new RegExp(`the clocks go back\\. The time from ${hour}:00 to .* comes twice`)).waitFor();
    await entry(page, `First ${zone}`).waitFor();
    await entry(page, `Again ${zone}`).waitFor();
    expect(faults).toEqual([]);
    await context.close();
    await api.replaceAvailability(alwaysOpen(luxembourg));
  });

  test('with 400 appointments in the week a processor four times slower does not keep hand and eye waiting', async () => {
    await api.replaceAvailability(alwaysOpen(luxembourg));
    const begin = Temporal.PlainDate.from(monday).add({ days: 21 });
    const starts = Array.from({ length: 400 }, (_, index) =>
      begin
        .add({ days: index % 7 })
        .toZonedDateTime({ timeZone: luxembourg, plainTime: '06:00' })
        .add({ minutes: Math.floor(index / 7) * 15 })
        .toInstant()
        .toString(),
    );
    for (let at = 0; at < starts.length; at += 8) {
      await Promise.all(starts.slice(at, at + 8).map((start, index) => bookAt(`Guest ${at + index}`, start, 15)));
    }
    // While Cal.com takes them in, each arrival is a change that is drawn; that is another measure than this one.
    await until(async () => (await api.allAppointments()).every(({ sync }) => sync.state !== 'waiting'), {
      timeoutMs: 120_000,
      intervalMs: 1000,
      what: 'Cal.com to have them all',
    });
    const { page, context, faults } = await openWindow(browser, { viewport: viewports.desktop });
    await signIn(page, stack.gatewayUrl, `/calendar?view=week&date=${begin.toString()}`);
    context.setDefaultTimeout(60_000);
    await page.locator('[data-entry]').nth(399).waitFor({ state: 'attached' });
    // The time the page's own thread works, not the time that passes: other tests run beside on the same processor.
    const meter = await context.newCDPSession(page);
    await meter.send('Performance.enable', { timeDomain: 'threadTicks' });
    const worked = async () => {
      const { metrics } = await meter.send('Performance.getMetrics');
      return (metrics.find(({ name }) => name === 'TaskDuration')?.value ?? 0) * 1000;
    };
    const slowed = 4;
    const figures: Record<string, number> = {};
    const measure = async (name: string, times: number, act: () => Promise<void>) => {
      await page.waitForTimeout(1000);
      const before = await worked();
      await act();
      figures[name] = Math.round((((await worked()) - before) * slowed) / times);
    };
    // Plain selectors: looking for roles makes the page's thread work too.
    const guest = entry(page, 'Guest 210');
    await guest.scrollIntoViewIfNeeded();
    const box = (await guest.boundingBox())!;
    const at = { x: box.x + 20, y: box.y + 6 };
    const month = (await page.getByRole('button', { name: 'Month', exact: true }).boundingBox())!;
    await page.mouse.move(at.x, at.y);
    await page.locator('[role=application]').focus();
    await measure('select', 3, async () => {
      for (const key of ['ArrowDown', 'ArrowDown', 'ArrowRight']) await page.keyboard.press(key);
    });
    await page.keyboard.press('Escape');
    await measure('drag', 12, async () => {
      await page.mouse.move(at.x, at.y);
      await page.mouse.down();
      for (let step = 1; step <= 12; step++) await page.mouse.move(at.x, at.y + step * 8);
    });
    await page.mouse.move(at.x, at.y);
    await page.mouse.up();
    await page.keyboard.press('Escape');
    // The first time everything it needs is new to the browser as well; then it is as it stays for the day.
    const openings: number[] = [];
    for (let time = 0; time < 6; time++) {
      await page.waitForTimeout(1000);
      openings.push(slowed * (await workUntilSeen(browser, page, '[role=dialog]', () => page.mouse.click(at.x, at.y))));
      await page
        .locator('[role=dialog]')
        .getByText(/^Booked/)
        .waitFor();
      await page.keyboard.press('Escape');
      await page.locator('[role=dialog]').waitFor({ state: 'detached' });
    }
    const [firstTime = Infinity, ...later] = openings;
    figures['open first'] = Math.round(firstTime);
    figures['open'] = Math.round(later.toSorted((one, other) => one - other)[2] ?? Infinity);
    await measure('view change', 1, async () => {
      await page.mouse.click(month.x + 10, month.y + 10);
      await page.locator('[data-view=month] [data-entry]').first().waitFor();
    });
    process.stdout.write(
      `400 appointments, milliseconds of work at a quarter of the speed: ${JSON.stringify(figures)}\n`,
    );
    expect(faults).toEqual([]);
    await context.close();
    // The aims are 100 for the hand and 1000 for a view; on a machine that others use the same work costs up to half as much again. All
    // work is counted, of opening what comes before the picture.
    const bounds = { select: 120, drag: 130, 'open first': 400, open: 150, 'view change': 1_300 };
    const late = Object.entries(bounds).filter(([name, bound]) => (figures[name] ?? Infinity) >= bound);
    expect(late).toEqual([]);
  });

  async function sideways(page: Page): Promise<number> {
    return page.evaluate<number>('document.documentElement.scrollWidth - document.documentElement.clientWidth');
  }

  /** What axe finds against WCAG 2.1 AA, in one line each. */
  async function faultsOfAccess(page: Page): Promise<string[]> {
    await page.evaluate(axeSource);
    return page.evaluate<string[]>(`axe.run(document, { runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa'] }).then(
      ({ violations }) => violations.flatMap(({ id, nodes }) =>
        nodes.slice(0, 3).map(({ target, failureSummary }) => id + ' ' + target.join(' ') + ' ' + failureSummary)))`);
  }
});
