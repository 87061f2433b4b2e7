import type { Browser, Page } from 'playwright-core';
import { until } from '@daybook/runtime/testing';
import type { CalendarConnection } from '@daybook/http-contract/calendar-connections';
import { bothEqual, readSandboxState, turnKnob } from '../calcom/support/both-sides.ts';
import { healthyWebhooks } from '../calcom/support/faults.ts';
import { listTypes } from '../calcom/support/practice.ts';
import { ApiClient, alwaysOpen } from '../support/api-client.ts';
import { findChromium, launchChromium, openWindow, takePicture, viewports, type Watched } from '../support/browser.ts';
import { owner, startTestStack } from '../support/stack.ts';

jest.setTimeout(180_000);

const chromium = findChromium();
const inBrowser = chromium ? describe : describe.skip;
const ZONE = 'Europe/Luxembourg';
/** Next week's Wednesday: a day to come, whatever today is. */
const today = Temporal.Now.plainDateISO(ZONE);
const day = today.add({ days: 10 - today.dayOfWeek }).toString();

inBrowser('Cal.com and Daybook, seen by a customer and the owner', () => {
  let stack: Awaited<ReturnType<typeof startTestStack>>['stack'];
  let stopAndRemove: () => Promise<void>;
  let browser: Browser;
  let desk: Watched;
  let street: Watched;
  let api: ApiClient;
  let slug: string;
  const sandbox = (): string => stack.sandboxUrl!;

  beforeAll(async () => {
    ({ stack, stopAndRemove } = await startTestStack({
      extraEnv: {
        scheduling: { DEFAULT_TIME_ZONE: ZONE },
        // Nothing is connected by the operator: the owner does it in the app.
        'calcom-sync': { CALCOM_API_URL: '', CALCOM_API_KEY: '', CALCOM_ALLOWED_HOSTS: '127.0.0.1' },
      },
    }));
    api = await ApiClient.signIn(stack.gatewayUrl, owner);
    await api.replaceAvailability(alwaysOpen(ZONE));
    slug = (await listTypes(api))[0]!.slug;
    browser = await launchChromium(chromium!);
    desk = await openWindow(browser, { viewport: viewports.desktop });
    street = await openWindow(browser, { viewport: viewports.phone });
    // What is promised is timed where it is promised; the steps to it may take what a busy machine takes.
    for (const { page } of [desk, street]) page.setDefaultTimeout(60_000);
  });
  afterAll(async () => {
    await browser?.close();
    await stopAndRemove?.();
  });
  afterEach(() => expect([...desk.faults, ...street.faults]).toEqual([]));

  const onCalendar = (page: Page, name: string) => page.getByRole('button', { name: new RegExp(name) }).first();

  /** Books on the public page as a customer does; answers when the booking stands there, as `performance.now()`. */
  async function bookOnPage(time: string, name: string): Promise<number> {
    const { page } = street;
    await page.goto(`${sandbox()}/daybook-sandbox/${slug}?date=${day}`);
    await page.getByRole('radio', { name: time }).check();
    await page.getByLabel('Your name').fill(name);
    await page.getByLabel('Your e-mail').fill(`${name.toLowerCase().replace(' ', '.')}@example.com`);
    await page.getByRole('button', { name: 'Book', exact: true }).click();
    await page.getByText('This meeting is booked.').waitFor();
    return performance.now();
  }

  async function connection(): Promise<CalendarConnection> {
    const { body } = await api.request<{ items: CalendarConnection[] }>('GET', '/api/calendar-connections');
    return body.items[0]!;
  }

  test('the owner connects the account in the app: tried, saved, looked at, started', async () => {
    const { page } = desk;
    await page.goto(`${stack.gatewayUrl}/calcom`);
    await page.getByLabel('Username').fill(owner.username);
    await page.getByLabel('Password').fill(owner.password);
    await page.getByRole('button', { name: 'Sign in' }).click();
    await page.getByLabel('Address of the API').fill(`${sandbox()}/v2`);
    await page.getByLabel('API key').fill('cal_wrong');
    await page.getByRole('button', { name: 'Test the connection' }).click();
    await page.getByText('Something does not fit yet.').waitFor();
    await page.getByLabel('API key').fill('cal_sandbox');
    await page.getByRole('button', { name: 'Test the connection' }).click();
    await page.getByText('Everything fits. You can save.').waitFor();
    await page.getByRole('button', { name: 'Save', exact: true }).click();
    await page.getByRole('heading', { name: 'What starting would do' }).waitFor();
    await takePicture(page, 'calcom-plan-desktop');
    await page.getByRole('button', { name: 'Start', exact: true }).click();
    await page.getByText('Cal.com takes the changes.').first().waitFor({ timeout: 20_000 });
    await until(
      async () => {
        const { eventTypes, webhooks } = await readSandboxState(sandbox());
        return webhooks.length === 1 && eventTypes.some((type) => type.slug === slug && type.scheduleId !== null);
      },
      { timeoutMs: 20_000, what: 'our event type and webhook on Cal.com' },
    );
  });

  test('a customer books there: in the owner’s calendar within five seconds, by webhook', async () => {
    const { page } = desk;
    await page.goto(`${stack.gatewayUrl}/calendar?view=week&date=${day}`);
    const booked = await bookOnPage('10:00', 'Ida Weber');
    await takePicture(street.page, 'calcom-customer-phone');
    await onCalendar(page, 'Ida Weber').waitFor({ timeout: Math.max(1, 5000 - (performance.now() - booked)) });
    await takePicture(page, 'calcom-taken-in-desktop');
  });

  test('and within thirty seconds by asking alone, when no webhook arrives', async () => {
    await turnKnob(sandbox(), 'POST', '/settings', { webhooks: { ...healthyWebhooks, drop: 1 } });
    const booked = await bookOnPage('11:00', 'Max Roth');
    await onCalendar(desk.page, 'Max Roth').waitFor({ timeout: Math.max(1, 30_000 - (performance.now() - booked)) });
    await turnKnob(sandbox(), 'POST', '/settings', { webhooks: healthyWebhooks });
  });

  test('two at one time: the one acknowledged here stays, the customer reads why theirs was cancelled', async () => {
    await turnKnob(sandbox(), 'POST', '/faults', { rules: [{ kind: 'status', status: 503 }] });
    const start = Temporal.PlainDateTime.from(`${day}T14:00`).toZonedDateTime(ZONE).toInstant().toString();
    const { status } = await api.book({ customer: { name: 'Bea Kurz' }, start, durationMinutes: 30 });
    expect(status).toBe(201);
    await bookOnPage('14:00', 'Tom Lang');
    await turnKnob(sandbox(), 'POST', '/faults', { rules: [] });
    const { page } = street;
    await until(
      async () => {
        await page.reload();
        return page.getByText('This meeting is cancelled.').isVisible();
      },
      { timeoutMs: 60_000, intervalMs: 500, what: 'the cancellation on the customer’s page' },
    );
    await page.getByText('Reason').waitFor();
    await bothEqual(api, sandbox(), 40_000);
    await onCalendar(desk.page, 'Bea Kurz').waitFor();
    expect(await onCalendar(desk.page, 'Tom Lang').count()).toBe(0);
  });

  test('the key is revoked: a banner says so in words; a new key brings everything in step', async () => {
    const { page } = desk;
    await turnKnob(sandbox(), 'POST', '/settings', { apiKeys: [{ key: 'cal_new' }] });
    const start = Temporal.PlainDateTime.from(`${day}T16:00`).toZonedDateTime(ZONE).toInstant().toString();
    await api.book({ customer: { name: 'Eva Funk' }, start, durationMinutes: 30 });
    await page.getByText('Cal.com needs your attention').first().waitFor({ timeout: 20_000 });
    expect((await connection()).message).toMatch(/key/i);
    await takePicture(page, 'calcom-key-revoked-desktop');
    await page.goto(`${stack.gatewayUrl}/calcom`);
    await page.getByRole('button', { name: 'Change the key' }).click();
    const dialog = page.getByRole('dialog');
    await dialog.getByLabel('API key').fill('cal_new');
    await dialog.getByRole('button', { name: 'Save', exact: true }).click();
    await dialog.waitFor({ state: 'detached' });
    await page.getByText('Cal.com takes the changes.').first().waitFor({ timeout: 20_000 });
    await bothEqual(api, sandbox(), 60_000);
  });
});
