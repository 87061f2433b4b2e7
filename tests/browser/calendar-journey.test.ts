import type { Browser } from 'playwright-core';
import { until } from '@daybook/runtime/testing';
import type { Stack } from '@daybook/stack/start-stack';
import { ApiClient } from '../support/api-client.ts';
import { findChromium, launchChromium, openWindow, viewports, type Watched } from '../support/browser.ts';
import { drag, dragEntry, entry, placeOf, signIn } from '../support/calendar-screen.ts';
import { owner, startTestStack } from '../support/stack.ts';

jest.setTimeout(120_000);

const chromium = findChromium();
const inBrowser = chromium ? describe : describe.skip;
const zone = 'Europe/Luxembourg';

/** A day of next week, 1 = Monday, YYYY-MM-DD. */
function dayOfNextWeek(weekday: number): string {
  const today = Temporal.Now.plainDateISO(zone);
  return today.add({ days: 7 - today.dayOfWeek + weekday }).toString();
}

inBrowser('the calendar in a real browser', () => {
  let stack: Stack;
  let stopAndRemove: () => Promise<void>;
  let browser: Browser;
  let desk: Watched;
  let api: ApiClient;
  const monday = dayOfNextWeek(1);
  const tuesday = dayOfNextWeek(2);
  const wednesday = dayOfNextWeek(3);

  const instantOf = (day: string, time: string) =>
    Temporal.PlainDateTime.from(`${day}T${time}`).toZonedDateTime(zone).toInstant().toString();
  const book = async (name: string, day: string, time: string, durationMinutes = 30) => {
    const answer = await api.book({ customer: { name }, start: instantOf(day, time), durationMinutes });
    if (answer.status !== 201) throw new Error(`booking ${name} answered ${answer.status} ${answer.problem?.code}`);
    return answer.body;
  };
  /** Where an appointment stands on the server, "Mon 10:00+30". */
  const standing = async (id: string) => {
    const { body } = await api.appointment(id);
    const at = Temporal.Instant.from(body.start).toZonedDateTimeISO(zone);
    return `${at.toPlainDate().toString()} ${at.toPlainTime().toString({ smallestUnit: 'minute' })} ${body.durationMinutes} ${body.status}`;
  };
  const becomes = (id: string, wanted: string) =>
    until(async () => (await standing(id)) === wanted, { timeoutMs: 5000, intervalMs: 50, what: wanted });
  const toast = (text: string | RegExp) => desk.page.locator('[data-sonner-toast]').filter({ hasText: text }).first();
  const spoken = (text: string | RegExp) => desk.page.locator('[role=log]').getByText(text);
  const week = `/calendar?view=week&date=${monday}`;

  beforeAll(async () => {
    ({ stack, stopAndRemove } = await startTestStack({ extraEnv: { scheduling: { DEFAULT_TIME_ZONE: zone } } }));
    api = await ApiClient.signIn(stack.gatewayUrl, owner);
    const weekly = (['monday', 'tuesday', 'wednesday', 'thursday', 'friday'] as const).map((day) => ({
      day,
      start: '09:00',
      end: '17:00',
    }));
    await api.replaceAvailability({ timeZone: zone, weekly, overrides: [] });
    browser = await launchChromium(chromium!);
    desk = await openWindow(browser, { viewport: viewports.desktop });
    await signIn(desk.page, stack.gatewayUrl, week);
  });
  afterAll(async () => {
    await browser?.close();
    await stopAndRemove?.();
  });
  beforeEach(async () => {
    await desk.page.goto(stack.gatewayUrl + week);
    await desk.page.locator('[data-time]').first().waitFor({ state: 'attached' });
  });
  // Each test answers for its own faults.
  afterEach(() => expect(desk.faults.splice(0)).toEqual([]));

  test('dragging over empty time books that long', async () => {
    const { page } = desk;
    await drag(page, await placeOf(page, monday, '09:00'), await placeOf(page, monday, '09:45'));
    const dialog = page.getByRole('dialog');
    await dialog.getByRole('combobox').first().fill('Dora Drag');
    expect(await dialog.getByLabel('Time', { exact: true }).inputValue()).toMatch(/^09:00/);
    expect(await dialog.getByLabel('Length in minutes').inputValue()).toBe('60');
    await dialog.getByRole('button', { name: 'Book', exact: true }).click();
    await entry(page, 'Dora Drag').waitFor();
    const [booked] = await api.allAppointments('&q=Dora');
    expect(await standing(booked!.id)).toBe(`${monday} 09:00 60 scheduled`);
  });

  test('a drag moves, the key z moves back; the edge makes longer, Undo makes as it was', async () => {
    const { page } = desk;
    const { id } = await book('Mona Move', monday, '11:00');
    await entry(page, 'Mona Move').waitFor();
    await dragEntry(page, entry(page, 'Mona Move'), tuesday, '14:30');
    await toast(/Moved Mona Move to/).waitFor();
    await becomes(id, `${tuesday} 14:30 30 scheduled`);
    await page.keyboard.press('z');
    await becomes(id, `${monday} 11:00 30 scheduled`);
    await toast(/Taken back/).waitFor();

    const box = (await entry(page, 'Mona Move').boundingBox())!;
    await page.mouse.move(box.x + box.width / 2, box.y + box.height / 2);
    await drag(page, { x: box.x + box.width / 2, y: box.y + box.height - 2 }, await placeOf(page, monday, '12:00'));
    await toast(/Mona Move now takes/).waitFor();
    await until(async () => !(await standing(id)).includes(' 30 '), {
      timeoutMs: 5000,
      intervalMs: 50,
      what: 'longer',
    });
    await toast(/Mona Move now takes/)
      .getByRole('button', { name: /Undo/ })
      .click();
    await becomes(id, `${monday} 11:00 30 scheduled`);
  });

  test('by the keyboard alone: choose a time and book, take an appointment up, move it, make it longer, put it down', async () => {
    const { page } = desk;
    const grid = page.getByRole('application', { name: 'Calendar grid' });
    await grid.focus();
    await page.keyboard.press('ArrowDown');
    await spoken(/09:00 to 09:30, 30 minutes|\d\d:\d\d to \d\d:\d\d, 30 minutes/).waitFor({ state: 'attached' });
    for (const key of ['ArrowRight', 'ArrowRight', 'Shift+ArrowDown', 'Shift+ArrowDown'])
      await page.keyboard.press(key);
    await spoken(/60 minutes/).waitFor({ state: 'attached' });
    await page.keyboard.press('Enter');
    const dialog = page.getByRole('dialog');
    await dialog.getByRole('combobox').first().waitFor();
    expect(await dialog.getByLabel('Length in minutes').inputValue()).toBe('60');
    await page.keyboard.type('Kay Keys');
    await page.keyboard.press('Enter');
    await dialog.waitFor({ state: 'detached' });
    await entry(page, 'Kay Keys').waitFor();
    const [booked] = await api.allAppointments('&q=Kay');
    const before = await standing(booked!.id);
    expect(before).toMatch(/ 60 scheduled$/);

    for (let tries = 0; tries < 30; tries++) {
      await page.keyboard.press('n');
      if ((await page.locator(':focus').textContent())?.includes('Kay Keys') === true) break;
    }
    await page.keyboard.press('Space');
    await spoken(/^Taken up: Kay Keys, /).waitFor({ state: 'attached' });
    await page.keyboard.press('ArrowDown');
    await page.keyboard.press('ArrowDown');
    await page.keyboard.press('Shift+ArrowUp');
    await spoken(/^Kay Keys, \w+,? \d+ \w+ \d{4}, \d\d:\d\d to \d\d:\d\d/).waitFor({ state: 'attached' });
    await page.keyboard.press('Escape');
    await spoken('Left as it was').waitFor({ state: 'attached' });
    expect(await standing(booked!.id)).toBe(before);

    await page.keyboard.press('Space');
    await page.keyboard.press('ArrowDown');
    await page.keyboard.press('Shift+ArrowUp');
    await page.keyboard.press('Enter');
    await until(async () => (await standing(booked!.id)) !== before, {
      timeoutMs: 5000,
      intervalMs: 50,
      what: 'a move',
    });
    expect(await standing(booked!.id)).toMatch(/:15 45 scheduled$/);
    await toast(/Kay Keys now takes/).waitFor();
    await page.keyboard.press('z');
    await becomes(booked!.id, before);
  });

  test('a drop onto somebody else says who stands there, and 1 takes the nearest time', async () => {
    const { page } = desk;
    const bo = await book('Bo Stands', wednesday, '10:00', 60);
    const { id } = await book('Cleo Comes', wednesday, '13:00', 60);
    await entry(page, 'Cleo Comes').waitFor();
    await dragEntry(page, entry(page, 'Cleo Comes'), wednesday, '10:30');
    const card = page.getByRole('region', { name: 'Cleo Comes stays where it was' });
    await card.getByText(/Bo Stands has/).waitFor();
    expect(await standing(id)).toBe(`${wednesday} 13:00 60 scheduled`);
    const first = await card.getByRole('group').getByRole('button').first().textContent();
    await page.keyboard.press('1');
    await card.waitFor({ state: 'detached' });
    await becomes(id, `${wednesday} ${first!.slice(0, 5)} 60 scheduled`);
    expect(await standing(bo.id)).toBe(`${wednesday} 10:00 60 scheduled`);
  });

  test('blocked time is drawn by a drag, moved, freed, and comes back by undo', async () => {
    const { page } = desk;
    const blocks = async () => {
      const range = `from=${instantOf(monday, '00:00')}&to=${instantOf(dayOfNextWeek(6), '00:00')}`;
      const { body } = await api.request<{ items: { start: string; end: string }[] }>('GET', `/api/blocks?${range}`);
      return body.items.map(({ start }) =>
        Temporal.Instant.from(start).toZonedDateTimeISO(zone).toPlainDateTime().toString({ smallestUnit: 'minute' }),
      );
    };
    const stand = (wanted: string[]) =>
      until(async () => JSON.stringify(await blocks()) === JSON.stringify(wanted), {
        timeoutMs: 5000,
        intervalMs: 50,
        what: `blocks ${wanted.join()}`,
      });
    await page.getByRole('button', { name: 'Block time' }).click();
    await drag(page, await placeOf(page, tuesday, '12:00'), await placeOf(page, tuesday, '12:45'));
    await stand([`${tuesday}T12:00`]);
    await page.getByRole('button', { name: 'Done', exact: true }).click();
    await dragEntry(page, entry(page, 'Blocked'), tuesday, '13:00');
    await stand([`${tuesday}T13:00`]);
    await entry(page, 'Blocked').click();
    await page.getByRole('dialog').getByRole('button', { name: 'Free this time' }).click();
    await stand([]);
    await toast(/^Freed/).waitFor();
    await page.keyboard.press('z');
    await stand([`${tuesday}T13:00`]);
  });

  test('a closed time says why when it is pointed at and when the keyboard comes to it', async () => {
    const { page } = desk;
    const why = page.getByTestId('closed-explanation');
    const early = await placeOf(page, tuesday, '08:00');
    await page.mouse.move(early.x, early.y);
    await page.mouse.move(early.x + 1, early.y + 1);
    await why.getByText('Outside the opening hours').waitFor();
    await why.getByText(/Change the hours/).waitFor();
    await page.mouse.move(2, 2);
    await why.waitFor({ state: 'detached' });
    await page.getByRole('application').focus();
    // Half an hour before the first appointment of the day, which would be the nearer reason.
    for (const key of ['ArrowDown', 'ArrowUp', 'ArrowUp']) await page.keyboard.press(key);
    await spoken(/08:30 to 09:00, 30 minutes, Outside the opening hours/).waitFor({ state: 'attached' });
    await why.waitFor();
  });

  test('a line books within seconds, a known customer is recalled, a clash takes one key', async () => {
    const { page } = desk;
    await api.book({
      customer: { name: 'Ann Weber', email: 'ann.weber@example.com' },
      start: instantOf(wednesday, '15:00'),
      durationMinutes: 30,
    });
    await page.keyboard.press('q');
    const dialog = page.getByRole('dialog', { name: 'Quick booking' });
    await dialog.waitFor();
    const weekday = new Intl.DateTimeFormat('en', { weekday: 'short', timeZone: 'UTC' }).format(new Date(wednesday));
    const date = Temporal.PlainDate.from(wednesday);
    await page.keyboard.type(`ann w 30 ${date.day}/${date.month} 3pm`);
    await dialog.getByText('ann.weber@example.com', { exact: false }).waitFor();
    await dialog.getByText(new RegExp(`${weekday}.*15:00.15:30`)).waitFor();
    await page.keyboard.press('Enter');
    await dialog.getByText('That time is taken').waitFor();
    await page.keyboard.press('Alt+1');
    await dialog.waitFor({ state: 'detached' });
    const all = await api.allAppointments('&q=Ann%20Weber');
    expect(all).toHaveLength(2);
    expect(new Set(all.map(({ customer }) => customer.id)).size).toBe(1);
  });

  test('the palette finds a customer, a day and an action; keys are silent in fields and when switched off', async () => {
    const { page } = desk;
    const palette = page.getByRole('dialog', { name: 'Find and do' });
    await page.keyboard.press('Control+k');
    await palette.getByRole('combobox').fill('ann web');
    await palette
      .getByRole('option', { name: /Ann Weber/ })
      .first()
      .waitFor();
    await palette.getByRole('combobox').fill('4 june 2027');
    await palette.getByRole('option', { name: /Go to .*4 June 2027/ }).click();
    await page.waitForURL(/view=day&date=2027-06-04/);
    await page.keyboard.press('m');
    await page.waitForURL(/view=month/);
    await page.keyboard.press('?');
    const sheet = page.getByRole('dialog', { name: 'Keyboard shortcuts' });
    await sheet.getByRole('button', { name: 'Switch off' }).click();
    await page.keyboard.press('Escape');
    await sheet.waitFor({ state: 'detached' });
    await page.keyboard.press('w');
    await page.keyboard.press('Control+k');
    await palette.waitFor();
    expect(page.url()).toMatch(/view=month/);
    await palette.getByRole('combobox').fill('keyboard');
    await page.keyboard.press('Enter');
    await sheet.getByRole('button', { name: 'Switch on' }).click();
    await page.keyboard.press('Escape');
    await sheet.waitFor({ state: 'detached' });
    await page.keyboard.press('w');
    await page.waitForURL(/view=week/);
  });

  test('a cancellation is taken back by undo, and what another tab did is there within a second and lights up', async () => {
    const { page, context } = desk;
    const { id } = await book('Tess Tabs', monday, '15:00');
    const second = await context.newPage();
    await second.goto(stack.gatewayUrl + week);
    await entry(second, 'Tess Tabs').waitFor();
    await entry(page, 'Tess Tabs').click();
    await page.getByRole('dialog').getByRole('button', { name: 'Cancel appointment' }).click();
    await page.getByRole('dialog').getByRole('button', { name: 'Cancel it' }).click();
    await toast('Cancelled Tess Tabs').waitFor();
    await entry(second, 'Tess Tabs').waitFor({ state: 'detached', timeout: 1500 });
    await toast('Cancelled Tess Tabs').getByRole('button', { name: /Undo/ }).click();
    await becomes(id, `${monday} 15:00 30 scheduled`);
    await entry(second, 'Tess Tabs').waitFor({ timeout: 1500 });
    const started = Date.now();
    await api.reschedule(id, { start: instantOf(monday, '15:30') });
    await entry(second, '15:30').waitFor({ timeout: 1000 + Math.max(0, Date.now() - started) });
    await second.locator('[data-flash]').waitFor({ state: 'attached', timeout: 2000 });
    await second.close();
  });

  test('a visit is marked in one tap and unmarked by undo', async () => {
    const { page } = desk;
    const today = Temporal.Now.zonedDateTimeISO(zone);
    const { body } = await api.book({
      customer: { name: 'Vera Visits' },
      start: today.add({ minutes: 2 }).toInstant().toString(),
      durationMinutes: 5,
      override: true,
    });
    await page.goto(stack.gatewayUrl);
    const next = page.getByRole('group', { name: 'How Vera Visits came' });
    await next.getByRole('button', { name: 'Arrived' }).click();
    await until(async () => (await api.appointment(body.id)).body.arrivedAt !== undefined, {
      timeoutMs: 5000,
      intervalMs: 50,
      what: 'the arrival',
    });
    await toast('Vera Visits has arrived').getByRole('button', { name: /Undo/ }).click();
    await until(async () => (await api.appointment(body.id)).body.arrivedAt === undefined, {
      timeoutMs: 5000,
      intervalMs: 50,
      what: 'the arrival taken back',
    });
  });
});
