import type { Browser, Page } from 'playwright-core';
import { until } from '@daybook/runtime/testing';
import type { Stack } from '@daybook/stack/start-stack';
import { ApiClient } from '../support/api-client.ts';
import { findChromium, launchChromium, openWindow, takePicture, viewports, type Watched } from '../support/browser.ts';
import { findUnruly, readBrowserStorage } from '../support/browser-storage.ts';
import { activeBookings } from '../support/sandbox-state.ts';
import { owner, startTestStack } from '../support/stack.ts';

jest.setTimeout(120_000);

const chromium = findChromium();
const inBrowser = chromium ? describe : describe.skip;

/** Both of each once; every-screen.long.test.ts crosses them, and so does a run that takes the pictures. */
const themesAt: Record<keyof typeof viewports, readonly ('light' | 'dark')[]> = process.env['DAYBOOK_PICTURES']
  ? { desktop: ['light', 'dark'], phone: ['light', 'dark'] }
  : { desktop: ['dark'], phone: ['light'] };

/** Monday of next week, YYYY-MM-DD: a working day to come, whatever today is. */
function nextMonday(): string {
  const today = Temporal.Now.plainDateISO('Europe/Luxembourg');
  return today.add({ days: 8 - today.dayOfWeek }).toString();
}

inBrowser('in a real browser', () => {
  let stack: Stack;
  let stopAndRemove: () => Promise<void>;
  let browser: Browser;
  let desk: Watched;
  const monday = nextMonday();

  beforeAll(async () => {
    ({ stack, stopAndRemove } = await startTestStack({
      extraEnv: { scheduling: { DEFAULT_TIME_ZONE: 'Europe/Luxembourg' } },
    }));
    browser = await launchChromium(chromium!);
    desk = await openWindow(browser, { viewport: viewports.desktop });
  });
  afterAll(async () => {
    await browser?.close();
    await stopAndRemove?.();
  });
  afterEach(() => expect(desk.faults).toEqual([]));

  const event = (page: Page, name: string) => page.getByRole('button', { name: new RegExp(name) }).first();

  async function cancelledOnCalcom(count: number): Promise<void> {
    await until(async () => (await activeBookings(stack.sandboxUrl!)).size === count, {
      timeoutMs: 5000,
      intervalMs: 100,
      what: `${count} bookings on Cal.com`,
    });
  }

  test('a wrong password is said in words, the right one opens Today', async () => {
    const { page } = desk;
    await page.goto(`${stack.gatewayUrl}/calendar`);
    await page.getByLabel('Username').fill(owner.username);
    await page.getByLabel('Password').fill('not-the-password');
    await page.getByRole('button', { name: 'Sign in' }).click();
    await page.getByText(/Username or password is wrong/).waitFor();
    await takePicture(page, 'sign-in-wrong-desktop');
    await page.getByLabel('Password').fill(owner.password);
    await page.getByRole('button', { name: 'Sign in' }).click();
    // Back to where the visitor wanted to go.
    await page.waitForURL(/\/calendar/);
    await page.getByRole('link', { name: 'Today' }).click();
    await page
      .getByText('No appointments in the next two weeks')
      .or(page.getByText('When are you open?'))
      .first()
      .waitFor();
    await takePicture(page, 'today-empty-desktop');
  });

  test('the hours of a new practice are set in one click, and changed by hand in the editor', async () => {
    const { page } = desk;
    await page.getByRole('link', { name: 'Hours', exact: true }).first().click();
    await page.getByRole('button', { name: 'Monday–Friday 9–17' }).click();
    await page.getByLabel('Monday from', { exact: true }).waitFor();
    await takePicture(page, 'hours-desktop');
    await page.getByLabel('Monday to', { exact: true }).fill('18:00');
    await page.keyboard.press('Tab');
    await page.getByRole('button', { name: 'Save hours' }).click();
    await page.getByRole('dialog').getByRole('button', { name: 'Save these hours' }).click();
    await page.getByText('Saved the hours').first().waitFor();
    const api = await ApiClient.signIn(stack.gatewayUrl, owner);
    const { body } = await api.request<{ weekly: object[] }>('GET', '/api/availability');
    expect(body.weekly).toContainEqual({ day: 'monday', start: '09:00', end: '18:00' });
  });

  test('a click on a free time books; the mark turns to in step within five seconds; a second tab sees it live', async () => {
    const { page, context } = desk;
    await page.goto(`${stack.gatewayUrl}/calendar?view=week&date=${monday}`);
    const second = await context.newPage();
    await second.goto(`${stack.gatewayUrl}/calendar?view=week&date=${monday}`);
    await second.getByRole('button', { name: 'Today', exact: true }).waitFor();
    const grid = page.locator('[data-date]').filter({ hasNotText: /./ });
    await grid.first().waitFor({ state: 'attached' });
    await clickTime(page, monday, '10:00');
    const dialog = page.getByRole('dialog');
    await dialog.getByRole('combobox').first().fill('Ann Lee');
    await dialog.getByLabel(/E-mail/).fill('ann@example.com');
    expect(await dialog.getByLabel('Time', { exact: true }).inputValue()).toMatch(/^10:00/);
    await takePicture(page, 'book-desktop');
    await dialog.getByRole('button', { name: 'Book', exact: true }).click();
    await dialog.waitFor({ state: 'detached' });
    await page.getByRole('button', { name: /Ann Lee.*in step with Cal\.com/ }).waitFor({ timeout: 5000 });
    await event(second, 'Ann Lee').waitFor({ timeout: 5000 });
    await second.close();
    await takePicture(page, 'calendar-booked-desktop');
    await cancelledOnCalcom(1);
  });

  test('a taken time names who has it and offers the nearest times', async () => {
    const { page } = desk;
    await page.getByRole('button', { name: 'New appointment' }).click();
    const dialog = page.getByRole('dialog');
    await dialog.getByRole('combobox').first().fill('Bo Chen');
    await dialog.getByLabel('Day', { exact: true }).fill(monday);
    await dialog.getByLabel('Time', { exact: true }).fill('10:00');
    await dialog.getByRole('button', { name: 'Book', exact: true }).click();
    await dialog.getByText('That time is taken').waitFor();
    await dialog.getByText(/Ann Lee has/).waitFor();
    await takePicture(page, 'conflict-desktop');
    await dialog
      .getByRole('group', { name: /Nearest free/ })
      .getByRole('button')
      .first()
      .click();
    await dialog.waitFor({ state: 'detached' });
    await event(page, 'Bo Chen').waitFor();
    await cancelledOnCalcom(2);
  });

  test('details, a move by the slot picker of Cal.com, and a cancellation: Cal.com follows', async () => {
    const { page } = desk;
    await event(page, 'Ann Lee').click();
    const panel = page.getByRole('dialog');
    await panel.getByText('Cal.com shows the same as Daybook.').waitFor({ timeout: 5000 });
    await takePicture(page, 'details-desktop');
    await panel.getByRole('button', { name: 'Move', exact: true }).click();
    const move = page.getByRole('dialog', { name: /Move Ann Lee/ });
    await move
      .locator('.calcom-atoms')
      .getByRole('button', { name: /^14:00|^2:00/ })
      .first()
      .click();
    await takePicture(page, 'move-desktop');
    await move.getByRole('button', { name: 'Move', exact: true }).click();
    await move.waitFor({ state: 'detached' });
    const moved = Temporal.PlainDateTime.from(`${monday}T14:00`).toZonedDateTime('Europe/Luxembourg').epochMilliseconds;
    await until(
      async () =>
        [...(await activeBookings(stack.sandboxUrl!)).values()].some(({ start }) => Date.parse(start) === moved),
      { timeoutMs: 5000, intervalMs: 100, what: 'the move on Cal.com' },
    );
    await page.keyboard.press('Escape');
    await event(page, 'Bo Chen').click();
    await page.getByRole('dialog').getByRole('button', { name: 'Cancel appointment' }).click();
    await page.getByRole('dialog').getByRole('button', { name: 'Cancel it' }).click();
    await page.getByText('Cancelled Bo Chen').first().waitFor();
    await page.keyboard.press('Escape');
    await cancelledOnCalcom(1);
  });

  test('the screens at desktop and phone width, in light and dark, without a fault or a sideways scroll', async () => {
    for (const [size, viewport] of Object.entries(viewports))
      for (const colorScheme of themesAt[size as keyof typeof viewports]) {
        const { page, faults, context } = await openWindow(browser, { viewport, colorScheme });
        await page.goto(stack.gatewayUrl);
        await page.getByLabel('Username').fill(owner.username);
        await page.getByLabel('Password').fill(owner.password);
        await page.getByRole('button', { name: 'Sign in' }).click();
        await page.getByRole('heading', { name: 'Today' }).waitFor();
        for (const [name, path, sign] of [
          ['today', '/', 'Ann Lee'],
          ['calendar', `/calendar?date=${monday}`, 'Ann Lee'],
          ['appointments', '/appointments', 'Ann Lee'],
          ['hours', '/hours', 'Opening hours'],
          ['calcom', '/calcom', 'Connected'],
        ] as const) {
          await page.goto(stack.gatewayUrl + path);
          await page.getByText(sign).first().waitFor({ state: 'attached' });
          await page.waitForLoadState('networkidle').catch(() => undefined);
          const sideways = await page.evaluate<number>(
            'document.documentElement.scrollWidth - document.documentElement.clientWidth',
          );
          expect([size, name, sideways]).toEqual([size, name, 0]);
          await takePicture(page, `${name}-${size}${colorScheme === 'dark' ? '-dark' : ''}`);
        }
        expect(faults).toEqual([]);
        await context.close();
      }
  });

  test('the browser keeps no token and nothing of the practice but the last days, which scripts of others cannot reach', async () => {
    const { page, context } = desk;
    await page.evaluate('navigator.serviceWorker.ready.then(() => true)');
    // What was read before the worker was there is read once more.
    await page.goto(`${stack.gatewayUrl}/calendar?view=week&date=${monday}`);
    await event(page, 'Ann Lee').waitFor();
    const daysKept = async () =>
      Object.values((await readBrowserStorage(page)).caches)
        .flat()
        .map(({ path }) => path);
    await until(async () => (await daysKept()).includes('/api/appointments'), {
      timeoutMs: 5000,
      intervalMs: 100,
      what: 'the days kept for reading offline',
    });
    expect(findUnruly(await readBrowserStorage(page), true)).toEqual([]);
    const cookies = await context.cookies();
    expect(cookies.map(({ name, httpOnly, sameSite }) => [name, httpOnly, sameSite]).sort()).toEqual([
      ['daybook_access', true, 'Strict'],
      ['daybook_refresh', true, 'Strict'],
    ]);
    // The check itself would see what must not be there.
    const planted = { local: { token: 'x' }, session: { a: '' }, databases: ['b'], cookies: 'c=d' };
    const caches = {
      'daybook-data-1': [{ path: '/api/auth/me', text: '{"accessToken":"x"}' }],
      other: [{ path: '/', text: '' }],
    };
    expect(findUnruly({ ...planted, caches }, true)).toHaveLength(6);
  });

  test('signed out in one tab, the other one ends at the sign-in page', async () => {
    const { page, context } = desk;
    const other = await context.newPage();
    await other.goto(stack.gatewayUrl);
    await other.getByRole('heading', { name: 'Today' }).waitFor();
    await page.getByRole('button', { name: 'Account and app' }).click();
    await page.getByRole('button', { name: 'Sign out' }).click();
    await page.getByLabel('Password').waitFor();
    await other.reload();
    await other.getByLabel('Password').waitFor();
    expect(findUnruly(await readBrowserStorage(page), false)).toEqual([]);
    expect(await context.cookies()).toEqual([]);
    await other.close();
  });
});

/** Clicks a free time of the week view: the column of the day, the row of the hour. */
async function clickTime(page: Page, day: string, time: string): Promise<void> {
  const column = page.locator(`[data-date="${day}"]`).last();
  const row = page.locator(`[data-time^="${time}"]`).last();
  await row.scrollIntoViewIfNeeded();
  const [x, y] = [await column.boundingBox(), await row.boundingBox()];
  if (!x || !y) throw new Error(`the calendar shows no ${day} ${time}`);
  await page.mouse.click(x.x + x.width / 2, y.y + 6);
}
