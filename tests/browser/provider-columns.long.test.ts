import { randomUUID } from 'node:crypto';
import pg from 'pg';
import type { Browser, Locator } from 'playwright-core';
import { until } from '@daybook/runtime/testing';
import type { Stack } from '@daybook/stack/start-stack';
import { ApiClient } from '../support/api-client.ts';
import { findChromium, launchChromium, openWindow, viewports, type Watched } from '../support/browser.ts';
import { drag, entry, placeOf, signIn } from '../support/calendar-screen.ts';
import { owner, startTestStack } from '../support/stack.ts';

jest.setTimeout(180_000);

const chromium = findChromium();
const inBrowser = chromium ? describe : describe.skip;
const zone = 'Europe/Luxembourg';

inBrowser('a day of two providers side by side', () => {
  let stack: Stack;
  let stopAndRemove: () => Promise<void>;
  let browser: Browser;
  let desk: Watched;
  let api: ApiClient;
  const second = randomUUID();
  const today = Temporal.Now.plainDateISO(zone);
  const monday = today.add({ days: 8 - today.dayOfWeek }).toString();
  const weekdays = ['monday', 'tuesday', 'wednesday', 'thursday', 'friday'] as const;
  const hours = (start: string, end: string) => ({
    timeZone: zone,
    weekly: weekdays.map((day) => ({ day, start, end })),
    overrides: [],
  });
  const startOf = (start: string) =>
    Temporal.Instant.from(start).toZonedDateTimeISO(zone).toPlainDateTime().toString({ smallestUnit: 'minute' });

  beforeAll(async () => {
    ({ stack, stopAndRemove } = await startTestStack({ extraEnv: { scheduling: { DEFAULT_TIME_ZONE: zone } } }));
    api = await ApiClient.signIn(stack.gatewayUrl, owner);
    // The practice itself is made with the owner's first request.
    await api.replaceAvailability(hours('09:00', '12:00'));
    // Staff come with a later release; until then a second provider is made in the database.
    const database = new pg.Client({ connectionString: stack.databaseUrls.scheduling });
    await database.connect();
    await database.query(
      `INSERT INTO providers (id, organization_id, name, time_zone, position)
        SELECT $1, organization_id, 'Berta Second', time_zone, 1 FROM providers`,
      [second],
    );
    await database.end();
    const set = await api.request('PUT', `/api/availability?providerId=${second}`, { body: hours('13:00', '18:00') });
    expect(set.status).toBe(200);
    browser = await launchChromium(chromium!);
    desk = await openWindow(browser, { viewport: viewports.desktop });
    await signIn(desk.page, stack.gatewayUrl, `/calendar?view=day&date=${monday}`);
    await column().waitFor();
    await desk.page.locator('[data-time]').first().waitFor({ state: 'attached' });
  });
  afterAll(async () => {
    await browser?.close();
    await stopAndRemove?.();
  });
  afterEach(() => expect(desk.faults.splice(0)).toEqual([]));

  const column = (name = 'Berta Second') => desk.page.getByRole('region', { name, exact: true });
  /** The place of a time in the column of the second provider. */
  const placeInSecond = async (time: string) => {
    const { y } = await placeOf(desk.page, monday, time);
    const box = (await column().boundingBox())!;
    return { x: box.x + box.width / 2, y };
  };
  const ofSecond = async (name: string) => {
    const found = await until(async () => (await api.allAppointments(`&q=${name}`))[0] ?? false, {
      timeoutMs: 5000,
      intervalMs: 50,
      what: `${name} to be booked`,
    });
    expect([found.providerId, startOf(found.start)]).toEqual([second, expect.stringMatching(`^${monday}T`)]);
    return found;
  };

  test('each column is shaded by the hours, the days of its own and the buffers of its provider alone', async () => {
    const { page } = desk;
    const tuesday = Temporal.PlainDate.from(monday).add({ days: 1 }).toString();
    const own = { date: tuesday, intervals: [{ start: '10:00', end: '11:30' }] };
    const of = `/api/availability?providerId=${second}`;
    const changed = await api.request('PUT', of, { body: { ...hours('13:00', '18:00'), overrides: [own] } });
    expect(changed.status).toBe(200);
    const type = await api.request<{ id: string }>('POST', '/api/appointment-types', {
      body: {
        name: 'Long talk',
        durationsMinutes: [30],
        color: '#7c3aed',
        bufferBeforeMinutes: 30,
        bufferAfterMinutes: 45,
      },
    });
    expect(type.status).toBe(201);
    const booked = await api.book({
      customer: { name: 'Bea Buffer' },
      providerId: second,
      appointmentTypeId: type.body.id,
      start: Temporal.PlainDateTime.from(`${tuesday}T10:30`).toZonedDateTime(zone).toInstant().toString(),
      durationMinutes: 30,
    });
    expect(booked.status).toBe(201);

    await page.goto(`${stack.gatewayUrl}/calendar?view=day&date=${monday}`);
    const provider = 'Berta Second';
    const closed = async (name: string) => shadesIn(column(name), '.closed-time');
    await until(async () => (await closed(provider)).length > 0, { timeoutMs: 8000, intervalMs: 50, what: 'shades' });
    const [practice] = await api
      .request<{ items: { id: string; name: string }[] }>('GET', '/api/providers')
      .then(({ body }) => body.items.filter(({ id }) => id !== second));
    const other = practice!.name;
    expect(await closed(other)).toEqual(['00:00–09:00', '12:00–24:00']);
    expect(await closed(provider)).toEqual(['00:00–13:00', '18:00–24:00']);
    expect(await shadesIn(column(provider), '.buffer-time')).toEqual([]);

    await page.goto(`${stack.gatewayUrl}/calendar?view=day&date=${tuesday}`);
    await entry(page, 'Bea Buffer').waitFor();
    await until(async () => (await closed(provider)).length > 0, { timeoutMs: 8000, intervalMs: 50, what: 'shades' });
    expect(await closed(other)).toEqual(['00:00–09:00', '12:00–24:00']);
    expect(await closed(provider)).toEqual(['00:00–10:00', '11:30–24:00']);
    expect(await shadesIn(column(provider), '.buffer-time')).toEqual(['10:00–10:30', '11:00–11:45']);
    expect(await shadesIn(column(other), '.buffer-time')).toEqual([]);
    await page.goto(`${stack.gatewayUrl}/calendar?view=day&date=${monday}`);
    await column().waitFor();
    await page.locator('[data-time]').first().waitFor({ state: 'attached' });
  });

  test('of a day without appointments the free times of each are said', async () => {
    const { page } = desk;
    const friday = Temporal.PlainDate.from(monday).add({ days: 4 });
    const bounds = [friday, friday.add({ days: 1 })].map((day) =>
      day.toZonedDateTime({ timeZone: zone }).toInstant().toString(),
    );
    const providers = await api.request<{ items: { id: string; name: string }[] }>('GET', '/api/providers');
    const counts = await Promise.all(
      providers.body.items.map(async ({ id, name }) => {
        const asked = `from=${bounds[0]}&to=${bounds[1]}&durationMinutes=30&providerId=${id}`;
        const { body } = await api.request<{ slots: unknown[] }>('GET', `/api/slots?${asked}`);
        expect(body.slots.length).toBeGreaterThan(0);
        return `${name} ${body.slots.length}`;
      }),
    );
    await page.goto(`${stack.gatewayUrl}/calendar?view=day&date=${friday.toString()}`);
    await page.getByText(`Free times: ${counts.join(', ')}.`).waitFor();
    await page.goto(`${stack.gatewayUrl}/calendar?view=day&date=${monday}`);
    await column().waitFor();
    await page.locator('[data-time]').first().waitFor({ state: 'attached' });
  });

  test('a drag in the second column books for the second provider', async () => {
    const { page } = desk;
    await drag(page, await placeInSecond('14:00'), await placeInSecond('14:45'));
    const dialog = page.getByRole('dialog');
    await dialog.getByRole('combobox').first().fill('Dora Drag');
    await dialog.getByRole('button', { name: 'Book', exact: true }).click();
    await entry(page, 'Dora Drag').waitFor();
    expect(startOf((await ofSecond('Dora')).start)).toBe(`${monday}T14:00`);
  });

  test('by the keyboard in the second column it is booked for the second provider', async () => {
    const { page } = desk;
    // Whoever types is faster than the free times come: what stands in their place must not take Enter.
    const { promise: booked, resolve: release } = Promise.withResolvers<void>();
    await page.route('**/api/slots?*', async (route) => {
      await booked;
      await route.continue();
    });
    await column().getByRole('application').focus();
    // From nine o'clock, which is closed there, to half past four.
    for (let step = 0; step < 31; step++) await page.keyboard.press('ArrowDown');
    await page.keyboard.press('Enter');
    const dialog = page.getByRole('dialog');
    await dialog.locator('.slot-picker button:disabled').first().waitFor({ state: 'attached' });
    await page.keyboard.type('Kay Keys');
    await page.keyboard.press('Enter');
    await dialog.waitFor({ state: 'detached' });
    release();
    await page.unrouteAll({ behavior: 'wait' });
    expect(startOf((await ofSecond('Kay')).start)).toBe(`${monday}T16:30`);
  });
});

/** From when to when a column is shaded, by where its shades are drawn between the line of midnight and that of the next. */
async function shadesIn(column: Locator, selector: string): Promise<string[]> {
  return column.evaluate((part: unknown, shade) => {
    type Part = { getBoundingClientRect(): { top: number; bottom: number }; querySelectorAll(text: string): Part[] };
    const found = (text: string) =>
      [...(part as Part).querySelectorAll(text)].map((one) => one.getBoundingClientRect());
    const rows = found('[data-time]');
    const top = Math.min(...rows.map((row) => row.top));
    const height = Math.max(...rows.map((row) => row.bottom)) - top;
    const timeAt = (y: number) => {
      const minutes = Math.round((((y - top) / height) * 1440) / 5) * 5;
      return `${String(Math.floor(minutes / 60)).padStart(2, '0')}:${String(minutes % 60).padStart(2, '0')}`;
    };
    return found(shade)
      .map((box) => `${timeAt(box.top)}–${timeAt(box.bottom)}`)
      .sort();
  }, selector);
}
