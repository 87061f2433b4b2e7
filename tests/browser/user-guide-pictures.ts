import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Page } from 'playwright-core';
import { fillDemoPractice } from '@daybook/stack/demo';
import { ApiClient } from '../support/api-client.ts';
import { findChromium, launchChromium, openWindow, viewports } from '../support/browser.ts';
import { owner, startTestStack } from '../support/stack.ts';

/**
 * Makes the pictures of the user guide: every screen of a filled practice, on a desk and a phone, light and dark. Run by
 * `npm run pictures`; a screen that no longer shows what the guide says fails the run. With names, such as
 * `npm run pictures -- hours guide`, only those are made anew.
 */

const folder = join(process.cwd(), 'docs', 'user-guide', 'pictures');
const zone = 'Europe/Luxembourg';
const wanted = process.argv.slice(2);
const isWanted = (name: string) => wanted.length === 0 || wanted.includes(name);

type Shot = {
  name: string;
  path: string;
  /** What must be so before the screen is opened. */
  prepare?: () => Promise<unknown>;
  /** What must be there before the picture is taken. */
  ready: (page: Page) => Promise<unknown>;
};

const heading = (name: string) => (page: Page) => page.getByRole('heading', { name, level: 1 }).waitFor();
const dialog = (name: string | RegExp) => (page: Page) => page.getByRole('dialog', { name }).waitFor();

async function main(): Promise<void> {
  const executable = findChromium();
  if (executable === undefined) throw new Error('No Chromium was found; name one in CHROMIUM_BIN.');
  await mkdir(folder, { recursive: true });
  const { stack, stopAndRemove } = await startTestStack({ extraEnv: { scheduling: { DEFAULT_TIME_ZONE: zone } } });
  const browser = await launchChromium(executable);
  try {
    await fillDemoPractice(stack, () => undefined);
    const api = await ApiClient.signIn(stack.gatewayUrl, owner);
    const shots = listShots(await findExamples(api), (steps) => setGuide(api, steps));
    for (const [size, viewport] of Object.entries(viewports)) {
      for (const colorScheme of ['light', 'dark'] as const) {
        const { context, page } = await openWindow(browser, { viewport, colorScheme });
        context.setDefaultTimeout(30_000);
        await setGuide(api, allSteps);
        const take = (name: string) => takeWebp(page, join(folder, `${name}-${size}-${colorScheme}.webp`));
        await page.goto(stack.gatewayUrl);
        await page.getByRole('button', { name: 'Sign in' }).waitFor();
        if (isWanted('sign-in')) await take('sign-in');
        await page.getByLabel('Username').fill(owner.username);
        await page.getByLabel('Password').fill(owner.password);
        await page.getByRole('button', { name: 'Sign in' }).click();
        await heading('Today')(page);
        for (const shot of shots.filter(({ name }) => isWanted(name))) {
          await shot.prepare?.();
          await page.goto(stack.gatewayUrl + shot.path);
          await shot.ready(page);
          await page.waitForLoadState('networkidle', { timeout: 2000 }).catch(() => undefined);
          // On a slow machine the frame stands before what it frames.
          await page.locator('.skeleton').first().waitFor({ state: 'detached' });
          await take(shot.name);
        }
        await context.close();
        process.stdout.write(`${size}, ${colorScheme}: done\n`);
      }
    }
  } finally {
    await browser.close();
    await stopAndRemove();
  }
}

type Examples = { customer: string; appointment: string; day: string };

/** Somebody who comes often, and one of their appointments to come. */
async function findExamples(api: ApiClient): Promise<Examples> {
  const customers = await api.request<{ items: { id: string; summary: { appointmentCount: number } }[] }>(
    'GET',
    '/api/customers?limit=100',
  );
  const [most] = customers.body.items.sort((a, b) => b.summary.appointmentCount - a.summary.appointmentCount);
  const now = new Date().toISOString();
  const coming = await api.request<{ items: { id: string; start: string }[] }>(
    'GET',
    `/api/appointments?from=${now}&customerId=${most!.id}`,
  );
  const [appointment] = coming.body.items;
  return { customer: most!.id, appointment: appointment!.id, day: appointment!.start.slice(0, 10) };
}

const allSteps = ['hours', 'type', 'calcom', 'booking'];

/** Which steps of the guide are behind the practice; while one is open, Today leads to it. */
async function setGuide(api: ApiClient, guideStepsDone: readonly string[]): Promise<void> {
  const { body } = await api.request<Record<string, unknown>>('GET', '/api/practice');
  const { version: _version, lastProvenRestoreAt: _restore, ...practice } = body;
  const answer = await api.request('PUT', '/api/practice', { body: { ...practice, guideStepsDone } });
  if (answer.status !== 200) throw new Error(`the practice was not changed: ${answer.status}`);
}

function listShots(
  { customer, appointment, day }: Examples,
  guideAt: (steps: readonly string[]) => Promise<void>,
): Shot[] {
  // Its heading is the stretch of time it shows.
  const calendar = (page: Page) => page.getByRole('heading', { level: 1 }).waitFor();
  return [
    { name: 'today', path: '/', ready: heading('Today') },
    { name: 'calendar-day', path: `/calendar?view=day&date=${day}`, ready: calendar },
    { name: 'calendar-week', path: `/calendar?view=week&date=${day}`, ready: calendar },
    { name: 'calendar-month', path: `/calendar?view=month&date=${day}`, ready: calendar },
    { name: 'calendar-agenda', path: `/calendar?view=agenda&date=${day}`, ready: calendar },
    { name: 'booking', path: `/?book=${day}`, ready: dialog('New appointment') },
    { name: 'appointment', path: `/calendar?view=week&date=${day}&appointment=${appointment}`, ready: dialog(/./) },
    { name: 'move', path: `/?move=${appointment}`, ready: dialog(/^Move/) },
    { name: 'appointments', path: '/appointments', ready: heading('Appointments') },
    { name: 'customers', path: '/customers', ready: heading('Customers') },
    { name: 'customer', path: `/customers/${customer}`, ready: (page) => page.getByText('To come').waitFor() },
    { name: 'hours', path: '/hours', ready: (page) => page.getByRole('checkbox', { name: 'Monday' }).waitFor() },
    { name: 'hours-preview', path: '/hours', ready: openPreview },
    { name: 'types', path: '/types', ready: heading('Appointment types') },
    {
      name: 'calcom',
      path: '/calcom',
      ready: (page) => page.getByRole('button', { name: 'Both sides and tries' }).first().waitFor(),
    },
    { name: 'settings', path: '/settings', ready: heading('Settings') },
    { name: 'second-factor', path: '/settings', ready: beginSecondFactor },
    {
      name: 'guide',
      path: '/guide',
      prepare: () => guideAt(['hours']),
      ready: (page) => page.getByRole('form', { name: /^Edit/ }).waitFor(),
    },
    { name: 'more', path: '/more', ready: heading('More') },
  ];
}

/** Closes a weekday that has appointments, to see what that would mean; nothing is saved. */
async function openPreview(page: Page): Promise<void> {
  await page.getByRole('checkbox', { name: 'Tuesday' }).uncheck();
  await page.getByRole('button', { name: 'Save hours' }).click();
  await dialog('What these hours change')(page);
}

/** Shows the key of a second factor, which is never confirmed. */
async function beginSecondFactor(page: Page): Promise<void> {
  await page.getByRole('button', { name: 'Turn on the second factor' }).click();
  const form = page.getByRole('dialog');
  await form.getByLabel('Current password').fill(owner.password);
  await form.getByRole('button', { name: 'Continue' }).click();
  await form.getByRole('img', { name: 'The key as a QR code' }).waitFor();
}

/** A picture of the window as WebP, which is a fifth of a PNG; Playwright itself writes none. */
async function takeWebp(page: Page, path: string): Promise<void> {
  const session = await page.context().newCDPSession(page);
  const { data } = await session.send('Page.captureScreenshot', { format: 'webp', quality: 72 });
  await session.detach();
  await writeFile(path, Buffer.from(data, 'base64'));
}

await main();
