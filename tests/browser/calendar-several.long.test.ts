import type { Browser } from 'playwright-core';
import { until } from '@daybook/runtime/testing';
import type { Stack } from '@daybook/stack/start-stack';
import { ApiClient } from '../support/api-client.ts';
import { findChromium, launchChromium, openWindow, viewports } from '../support/browser.ts';
import { entry, signIn } from '../support/calendar-screen.ts';
import { owner, startTestStack } from '../support/stack.ts';

jest.setTimeout(180_000);

const chromium = findChromium();
const inBrowser = chromium ? describe : describe.skip;
const zone = 'Europe/Luxembourg';

inBrowser('several appointments, none, and all that fit', () => {
  let stack: Stack;
  let stopAndRemove: () => Promise<void>;
  let browser: Browser;
  let api: ApiClient;
  const today = Temporal.Now.plainDateISO(zone);
  const monday = today.add({ days: 8 - today.dayOfWeek });
  const dayAfter = (days: number) => monday.add({ days }).toString();
  const at = (day: string, time: string) =>
    Temporal.PlainDateTime.from(`${day}T${time}`).toZonedDateTime(zone).toInstant().toString();
  const book = async (name: string, day: string, time: string, durationMinutes = 30) => {
    const answer = await api.book({ customer: { name }, start: at(day, time), durationMinutes });
    if (answer.status !== 201) throw new Error(`booking ${name} answered ${answer.status} ${answer.problem?.code}`);
    return answer.body;
  };
  const standing = async () =>
    (await api.allAppointments('&status=scheduled')).map(({ customer }) => customer.name).toSorted();

  beforeAll(async () => {
    ({ stack, stopAndRemove } = await startTestStack({ extraEnv: { scheduling: { DEFAULT_TIME_ZONE: zone } } }));
    api = await ApiClient.signIn(stack.gatewayUrl, owner);
    const weekly = (['monday', 'tuesday', 'wednesday', 'thursday', 'friday'] as const).map((day) => ({
      day,
      start: '09:00',
      end: '12:00',
    }));
    await api.replaceAvailability({ timeZone: zone, weekly, overrides: [] });
    for (const [name, time] of [
      ['Ann One', '09:00'],
      ['Bo Two', '09:30'],
      ['Cy Three', '10:00'],
      ['Di Four', '10:30'],
    ] as const)
      await book(name, dayAfter(0), time);
    await book('Full Day', dayAfter(22), '09:00', 180);
    browser = await launchChromium(chromium!);
  });
  afterAll(async () => {
    await browser?.close();
    await stopAndRemove?.();
  });

  test('appointments are chosen by pointer and by keyboard and cancelled together, and come back together', async () => {
    const { page, context, faults } = await openWindow(browser, { viewport: viewports.desktop });
    await signIn(page, stack.gatewayUrl, `/calendar?view=day&date=${dayAfter(0)}`);
    await entry(page, 'Ann One').click({ modifiers: ['Control'] });
    await page.getByText('1 chosen').first().waitFor();
    await entry(page, 'Bo Two').focus();
    await page.keyboard.press('Control+Space');
    await page.getByText('2 chosen').first().waitFor();
    await page.keyboard.press('Escape');
    await page.getByRole('button', { name: 'Cancel them…' }).waitFor({ state: 'detached' });
    await entry(page, 'Ann One').focus();
    await page.keyboard.press('Control+Space');
    await entry(page, 'Cy Three').focus();
    await page.keyboard.press('Shift+Space');
    await page.getByText('3 chosen').first().waitFor();
    expect(await page.locator('[data-chosen]').count()).toBe(3);
    await page.getByRole('button', { name: 'Cancel them…' }).click();
    const dialog = page.getByRole('dialog');
    await dialog.locator('button[type=submit]').click();
    await dialog.waitFor({ state: 'detached' });
    expect(await standing()).toEqual(['Di Four', 'Full Day']);
    await page.keyboard.press('z');
    await until(async () => (await standing()).length === 5, { timeoutMs: 8000, intervalMs: 100, what: 'all again' });
    expect(faults).toEqual([]);
    await context.close();
  });

  test('a week without appointments says which is next and how many times are free', async () => {
    const { page, context, faults } = await openWindow(browser, { viewport: viewports.desktop });
    await signIn(page, stack.gatewayUrl, `/calendar?view=week&date=${dayAfter(7)}`);
    const note = page.getByRole('status').filter({ hasText: 'No appointments this week.' });
    // Five mornings of three hours, each quarter of an hour a start that half an hour fits into.
    const slots = await api.request<{ slots: unknown[] }>(
      'GET',
      `/api/slots?from=${at(dayAfter(7), '00:00')}&to=${at(dayAfter(14), '00:00')}&durationMinutes=30`,
    );
    expect(slots.body.slots.length).toBeGreaterThan(0);
    await note.getByText(`${slots.body.slots.length} times are free.`).waitFor();
    await note.getByText(/Next: Full Day, /).waitFor();
    await note.getByRole('button', { name: 'Go there' }).click();
    await entry(page, 'Full Day').waitFor();
    expect(faults).toEqual([]);
    await context.close();
  });

  test('a day that is full offers the next free time', async () => {
    const { page, context, faults } = await openWindow(browser, { viewport: viewports.desktop });
    await signIn(page, stack.gatewayUrl, `/calendar?view=day&date=${dayAfter(22)}`);
    const note = page.getByRole('status').filter({ hasText: 'This day is fully booked.' });
    await note.getByText(/Next free time: .*09:00\./).waitFor();
    await note.getByRole('button', { name: 'Book it' }).click();
    const dialog = page.getByRole('dialog');
    await dialog.getByRole('combobox').first().waitFor();
    expect(await dialog.getByLabel('Time', { exact: true }).inputValue()).toMatch(/^09:00/);
    expect(faults).toEqual([]);
    await context.close();
  });

  test('on a phone a finger drawn to the side shows the next day, up and down it does not', async () => {
    const { page, context, faults } = await openWindow(browser, { viewport: viewports.phone });
    await signIn(page, stack.gatewayUrl, `/calendar?view=day&date=${dayAfter(0)}`);
    await entry(page, 'Ann One').waitFor();
    const hand = await context.newCDPSession(page);
    await hand.send('Emulation.setTouchEmulationEnabled', { enabled: true });
    const draw = async (from: [number, number], to: [number, number]) => {
      const point = ([x, y]: [number, number]) => [{ x, y }];
      await hand.send('Input.dispatchTouchEvent', { type: 'touchStart', touchPoints: point(from) });
      await hand.send('Input.dispatchTouchEvent', { type: 'touchMove', touchPoints: point(to) });
      await hand.send('Input.dispatchTouchEvent', { type: 'touchEnd', touchPoints: [] });
    };
    await draw([200, 600], [190, 400]);
    await draw([300, 500], [100, 510]);
    await page.waitForURL(new RegExp(`date=${dayAfter(1)}`));
    await draw([100, 500], [300, 490]);
    await page.waitForURL(new RegExp(`date=${dayAfter(0)}`));
    expect(faults).toEqual([]);
    await context.close();
  });

  test('with Shift a click chooses all from the last one on', async () => {
    const { page, context, faults } = await openWindow(browser, { viewport: viewports.desktop });
    await signIn(page, stack.gatewayUrl, `/calendar?view=day&date=${dayAfter(0)}`);
    await entry(page, 'Ann One').click({ modifiers: ['Control'] });
    await page.getByText('1 chosen').first().waitFor();
    await entry(page, 'Cy Three').click({ modifiers: ['Shift'] });
    await page.getByText('3 chosen').first().waitFor();
    const chosen = await page.locator('[data-chosen]').allInnerTexts();
    expect(chosen.map((text) => /Ann One|Bo Two|Cy Three|Di Four/.exec(text)?.[0]).toSorted()).toEqual([
      'Ann One',
      'Bo Two',
      'Cy Three',
    ]);
    expect(await page.getByRole('dialog').count()).toBe(0);
    expect(faults).toEqual([]);
    await context.close();
  });

  test('from a full day "Go there" leads to the day of the next free time', async () => {
    const { page, context, faults } = await openWindow(browser, { viewport: viewports.desktop });
    await signIn(page, stack.gatewayUrl, `/calendar?view=day&date=${dayAfter(22)}`);
    const note = page.getByRole('status').filter({ hasText: 'This day is fully booked.' });
    await note.getByText(/Next free time: /).waitFor();
    await note.getByRole('button', { name: 'Go there' }).click();
    await page.waitForURL(new RegExp(`view=day&date=${dayAfter(23)}`));
    await page.getByRole('status').filter({ hasText: 'No appointments this day.' }).waitFor();
    expect(faults).toEqual([]);
    await context.close();
  });

  test('on a phone the month names who comes, and a touch on a day leads to it', async () => {
    const { page, context, faults } = await openWindow(browser, { viewport: viewports.phone });
    await signIn(page, stack.gatewayUrl, `/calendar?view=month&date=${dayAfter(0)}`);
    const first = entry(page, 'Ann One');
    await first.waitFor();
    expect(await first.innerText()).toBe('Ann One');
    // The fourth has no room; what says so leads to the day as well.
    await page.getByText('+1').first().click();
    await page.waitForURL(new RegExp(`view=day&date=${dayAfter(0)}`));
    await page.goBack();
    await first.click();
    await page.waitForURL(new RegExp(`view=day&date=${dayAfter(0)}`));
    await entry(page, 'Di Four').waitFor();
    expect(await page.getByRole('dialog').count()).toBe(0);
    expect(faults).toEqual([]);
    await context.close();
  });

  test('a key that is pressed before its code is here counts once it is', async () => {
    // The worker that keeps files for offline reading would answer before this route is asked.
    const context = await browser.newContext({ serviceWorkers: 'block', viewport: viewports.desktop, locale: 'en-GB' });
    const page = await context.newPage();
    await signIn(page, stack.gatewayUrl);
    await page.route('**/assets/desk-tools-*.js', async (route) => {
      await page.waitForTimeout(1500);
      await route.continue();
    });
    await page.goto(`${stack.gatewayUrl}/calendar?view=week&date=${dayAfter(0)}`);
    await page.getByRole('navigation').first().waitFor();
    await page.keyboard.press('m');
    await page.waitForURL(/view=month/);
    await context.close();
  });
});
