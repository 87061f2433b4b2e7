import type { Browser, Locator } from 'playwright-core';
import { until } from '@daybook/runtime/testing';
import type { Stack } from '@daybook/stack/start-stack';
import { findBarriers, findOverflow } from '../support/accessibility.ts';
import { ApiClient } from '../support/api-client.ts';
import { openWindow, viewports, type Watched } from '../support/browser.ts';
import { dragEntry, entry, placeOf } from '../support/calendar-screen.ts';
import { findFirefox, launchFirefox } from '../support/firefox.ts';
import { owner, startTestStack } from '../support/stack.ts';

jest.setTimeout(240_000);

const executable = findFirefox();
const inFirefox = executable ? describe : describe.skip;
const zone = 'Europe/Luxembourg';
const today = Temporal.Now.plainDateISO(zone);
const monday = today.add({ days: 8 - today.dayOfWeek }).toString();
const screens = ['/', `/calendar?view=week&date=${monday}`, `/calendar?view=month&date=${monday}`];
const others = ['/appointments', '/customers', '/hours', '/types', '/calcom', '/settings', '/guide', '/more'];

inFirefox('the main job in Firefox', () => {
  let stack: Stack;
  let stopAndRemove: () => Promise<void>;
  let browser: Browser;
  let desk: Watched;
  let api: ApiClient;

  beforeAll(async () => {
    ({ stack, stopAndRemove } = await startTestStack({ extraEnv: { scheduling: { DEFAULT_TIME_ZONE: zone } } }));
    browser = await launchFirefox(executable!);
    desk = await open(viewports.desktop);
    api = await ApiClient.signIn(stack.gatewayUrl, owner);
    process.stdout.write(`Firefox ${browser.version()}\n`);
  });
  afterAll(async () => {
    await browser?.close();
    await stopAndRemove?.();
  });
  afterEach(() => expect(desk.faults.splice(0)).toEqual([]));

  const open = async (viewport: { width: number; height: number }) => {
    const window = await openWindow(browser, { viewport });
    window.context.setDefaultTimeout(15_000);
    return window;
  };
  /** Types into a field instead of what is in it. */
  const type = async (field: Locator, text: string) => {
    await field.focus();
    await field.page().keyboard.press('Control+A');
    await field.page().keyboard.type(text);
  };
  const signIn = async ({ page }: Watched, password: string) => {
    await type(page.getByLabel('Username'), owner.username);
    await type(page.getByLabel('Password'), password);
    await page.keyboard.press('Enter');
  };
  const starts = async (name: string) =>
    (await api.allAppointments(`&q=${name}`)).map(({ start }) =>
      Temporal.Instant.from(start).toZonedDateTimeISO(zone).toPlainDateTime().toString({ smallestUnit: 'minute' }),
    );
  const becomes = (name: string, wanted: string) =>
    until(async () => (await starts(name)).join() === wanted, { timeoutMs: 8000, intervalMs: 100, what: wanted });

  test('a wrong password is said in words, the right one opens Today', async () => {
    const { page } = desk;
    await page.goto(stack.gatewayUrl);
    await signIn(desk, 'not-the-password');
    await page.getByText(/Username or password is wrong/).waitFor();
    await signIn(desk, owner.password);
    await page.getByRole('heading', { name: 'Today', level: 1 }).waitFor();
  });

  test('hours are offered, changed in the atoms editor, and shown before they are saved', async () => {
    const { page } = desk;
    await page.goto(`${stack.gatewayUrl}/hours`);
    await page.getByRole('button', { name: 'Monday–Friday 9–17' }).click();
    const end = page.getByLabel('Monday to', { exact: true });
    await end.waitFor();
    await type(end, '18:00');
    await page.keyboard.press('Tab');
    await page.getByRole('button', { name: 'Save hours' }).click();
    await page.getByRole('dialog').getByRole('button', { name: 'Save these hours' }).click();
    await page.getByText('Saved the hours').first().waitFor();
    const { body } = await api.request<{ weekly: object[] }>('GET', '/api/availability');
    expect(body.weekly).toContainEqual({ day: 'monday', start: '09:00', end: '18:00' });
  });

  test('a line books, Cal.com has it, and a clash takes one key', async () => {
    const { page } = desk;
    await page.goto(`${stack.gatewayUrl}/calendar?view=week&date=${monday}`);
    await page.getByRole('application', { name: 'Calendar grid' }).waitFor();
    const date = Temporal.PlainDate.from(monday);
    for (const name of ['ann', 'bo']) {
      await page.keyboard.press('q');
      const line = page.getByRole('dialog', { name: 'Quick booking' });
      await line.waitFor();
      await page.keyboard.type(`${name} 30 ${date.day}/${date.month} 10am`);
      await page.keyboard.press('Enter');
      if (name === 'bo') {
        await line.getByText('That time is taken').waitFor();
        await page.keyboard.press('Alt+1');
      }
      await line.waitFor({ state: 'detached' });
    }
    await page.getByRole('button', { name: /Ann.*in step with Cal\.com/ }).waitFor();
    await becomes('Ann', `${monday}T10:00`);
    expect(await starts('Bo')).toHaveLength(1);
  });

  test('a drag moves, z moves back, and another tab sees both', async () => {
    const { page, context } = desk;
    const second = await context.newPage();
    await second.goto(`${stack.gatewayUrl}/calendar?view=week&date=${monday}`);
    await entry(second, 'Ann').waitFor();
    await page.bringToFront();
    await placeOf(page, monday, '14:00');
    await dragEntry(page, entry(page, 'Ann'), monday, '14:00');
    await becomes('Ann', `${monday}T14:00`);
    await entry(second, '14:00').waitFor({ timeout: 5000 });
    await page.keyboard.press('z');
    await becomes('Ann', `${monday}T10:00`);
    await entry(second, /10:00.*Ann|Ann.*10:00/).waitFor({ timeout: 5000 });
    await second.close();
  });

  test('by the keyboard: taken up, moved, put down; found in the palette and cancelled', async () => {
    const { page } = desk;
    for (let tries = 0; tries < 10; tries++) {
      await page.keyboard.press('n');
      if ((await page.locator(':focus').textContent())?.includes('Ann') === true) break;
    }
    await page.keyboard.press('Space');
    for (let quarter = 0; quarter < 8; quarter++) await page.keyboard.press('ArrowDown');
    await page.keyboard.press('Enter');
    await becomes('Ann', `${monday}T12:00`);
    await page.keyboard.press('Control+k');
    const palette = page.getByRole('dialog', { name: 'Find and do' });
    await palette.waitFor();
    await page.keyboard.type('ann');
    await palette.getByRole('option', { name: /12:00/ }).first().click();
    await page.getByRole('dialog').getByRole('button', { name: 'Cancel appointment' }).click();
    await page.getByRole('dialog').getByRole('button', { name: 'Cancel it' }).click();
    await page.getByText('Cancelled Ann').first().waitFor();
    await until(async () => (await api.allAppointments('&q=Ann'))[0]?.status === 'cancelled', {
      timeoutMs: 8000,
      intervalMs: 100,
      what: 'the cancellation',
    });
  });

  test.each(Object.keys(viewports) as (keyof typeof viewports)[])(
    'every screen without a barrier, a fault or a sideways scroll: %s',
    async (size) => {
      const window = await open(viewports[size]);
      const { page } = window;
      await page.goto(stack.gatewayUrl);
      await signIn(window, owner.password);
      await page.getByRole('heading', { name: 'Today', level: 1 }).waitFor();
      const found: string[] = [];
      for (const path of [...screens, ...others]) {
        await page.goto(stack.gatewayUrl + path);
        await page.getByRole('heading', { level: 1 }).first().waitFor();
        await page.locator('.skeleton').first().waitFor({ state: 'detached' });
        const overflow = await findOverflow(page);
        if (overflow > 0) found.push(`${path} scrolls sideways by ${overflow}`);
        found.push(...(await findBarriers(page)).map((line) => `${path} ${line}`));
      }
      found.push(...window.faults);
      await window.context.close();
      expect(found).toEqual([]);
    },
  );
});
