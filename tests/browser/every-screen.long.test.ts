import { spawn, type ChildProcess } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Browser, Page } from 'playwright-core';
import type { Stack } from '@daybook/stack/start-stack';
import { alwaysOpen, ApiClient } from '../support/api-client.ts';
import { findBarriers, findOverflow } from '../support/accessibility.ts';
import { findChromium, launchChromium, openWindow, takePicture, viewports } from '../support/browser.ts';
import { signIn } from '../support/calendar-screen.ts';
import { owner, startTestStack } from '../support/stack.ts';

jest.setTimeout(600_000);

const chromium = findChromium();
const inBrowser = chromium ? describe : describe.skip;
const zone = 'Europe/Luxembourg';
const themes = ['light', 'dark'] as const;
/** A phone, the narrowest, and a desk of 1280 pixels at 200 %. */
const sizes = {
  desktop: viewports.desktop,
  phone: viewports.phone,
  narrow: { width: 320, height: 640 },
  doubled: { width: 640, height: 425 },
} as const;

type Open = (page: Page) => Promise<unknown>;
const press =
  (name: string | RegExp): Open =>
  (page) =>
    page.getByRole('button', { name }).first().click();
const dialog =
  (open: Open): Open =>
  async (page) => {
    await open(page);
    await page.getByRole('dialog').first().waitFor();
  };

/** Every address of the app with what can be opened there; the first entry of each is the screen itself. */
function listScreens(
  customer: string,
  appointment: string,
  day: string,
): Record<string, { path: string; open?: Record<string, Open> }> {
  return {
    index: {
      path: '/',
      open: {
        account: dialog(press('Account and app')),
        booking: dialog(press('New appointment')),
        palette: dialog((page) => page.keyboard.press('Control+k')),
        line: dialog((page) => page.keyboard.press('q')),
        keys: dialog((page) => page.keyboard.press('?')),
        appointment: dialog((page) => page.goto(`${new URL(page.url()).origin}/?appointment=${appointment}`)),
        move: dialog((page) => page.goto(`${new URL(page.url()).origin}/?move=${appointment}`)),
      },
    },
    calendar: { path: `/calendar?date=${day}` },
    appointments: { path: '/appointments', open: { choosing: press('Choose several') } },
    customers: { path: '/customers', open: { new: dialog(press('New customer')) } },
    'customers/:id': {
      path: `/customers/${customer}`,
      open: {
        edit: dialog(press('Edit')),
        join: dialog(press('Join with another')),
        'personal-data': (page) => page.getByRole('heading', { name: 'Personal data' }).scrollIntoViewIfNeeded(),
        erase: dialog(press('Erase…')),
      },
    },
    hours: {
      path: '/hours',
      open: {
        'time-off': dialog(press('Time off or other hours')),
        copy: press('Copy'),
        date: dialog(press('Add a date')),
        preview: dialog(async (page) => {
          await page.getByRole('checkbox', { name: 'Tuesday' }).uncheck();
          await page.getByRole('button', { name: 'Save hours' }).click();
        }),
      },
    },
    types: { path: '/types', open: { new: dialog(press('New type')), edit: dialog(press('Edit')) } },
    calcom: { path: '/calcom', open: { both: press('Both sides and tries') } },
    settings: { path: '/settings' },
    guide: { path: '/guide' },
    more: { path: '/more' },
    '*': { path: '/nowhere' },
  };
}

inBrowser('every screen and what opens on it', () => {
  let stack: Stack;
  let stopAndRemove: () => Promise<void>;
  let browser: Browser;
  let screens: ReturnType<typeof listScreens>;

  beforeAll(async () => {
    ({ stack, stopAndRemove } = await startTestStack({ extraEnv: { scheduling: { DEFAULT_TIME_ZONE: zone } } }));
    browser = await launchChromium(chromium!);
    const api = await ApiClient.signIn(stack.gatewayUrl, owner);
    await api.replaceAvailability(alwaysOpen(zone));
    const start = Temporal.Now.plainDateISO(zone)
      .add({ days: 3 })
      .toZonedDateTime({ timeZone: zone, plainTime: '10:00' })
      .toInstant()
      .toString();
    const name = 'Maximiliane-Theodora von und zu Hohenstein-Wittelsbach';
    const booked = await api.book({ customer: { name, email: 'm@example.org' }, start, durationMinutes: 30 });
    expect(booked.status).toBe(201);
    screens = listScreens(booked.body.customer.id, booked.body.id, start.slice(0, 10));
  });
  afterAll(async () => {
    await browser?.close();
    await stopAndRemove?.();
  });

  test('the list names every address the app has', () => {
    const routes = readFileSync(join(process.cwd(), 'web/src/app/app-routes.tsx'), 'utf8');
    const paths = [...routes.matchAll(/<Route\s+(?:path="([^"]+)"|(index))/g)].map(([, path, index]) => path ?? index);
    // Signing in and the page of parts have tests of their own below.
    expect(paths.filter((path) => path !== '/sign-in' && path !== '/design').sort()).toEqual(
      Object.keys(screens).sort(),
    );
  });

  test.each(Object.keys(sizes).flatMap((size) => themes.map((theme) => [size as keyof typeof sizes, theme] as const)))(
    'no barrier and no sideways scroll: %s, %s',
    async (size, colorScheme) => {
      const found: string[] = [];
      const { page, context, faults } = await openWindow(browser, { viewport: sizes[size], colorScheme });
      context.setDefaultTimeout(20_000);
      const look = async (name: string) => {
        const overflow = await findOverflow(page);
        if (overflow > 0) found.push(`${name} scrolls sideways by ${overflow}`);
        found.push(...(await findBarriers(page)).map((line) => `${name} ${line}`));
        await takePicture(page, `${name}-${size}-${colorScheme}`);
      };
      const go = async (path: string) => {
        await page.goto(stack.gatewayUrl + path);
        await page.getByRole('heading', { level: 1 }).first().waitFor();
        await page.waitForLoadState('networkidle', { timeout: 3000 }).catch(() => undefined);
      };
      await page.goto(stack.gatewayUrl);
      await page.getByLabel('Password').waitFor();
      await look('sign-in');
      await signIn(page, stack.gatewayUrl);
      for (const [name, { path, open = {} }] of Object.entries(screens)) {
        const file = name.replaceAll(/[^a-z]+/g, '-');
        await go(path);
        await look(file);
        for (const [part, openPart] of Object.entries(open)) {
          await go(path);
          await openPart(page);
          await look(`${file}-${part}`);
        }
      }
      found.push(...faults);
      await context.close();
      expect(found).toEqual([]);
    },
  );

  test('a low window still reaches everything in the account card', async () => {
    const { page, context } = await openWindow(browser, { viewport: sizes.doubled });
    await signIn(page, stack.gatewayUrl);
    await page.getByRole('button', { name: 'Account and app' }).press('Enter');
    const card = page.getByRole('dialog', { name: 'Account and app' });
    const last = card.getByRole('link').last();
    await last.focus();
    const [box, inner] = [await last.boundingBox(), page.viewportSize()];
    expect(box!.y + box!.height).toBeLessThanOrEqual(inner!.height);
    await page.keyboard.press('Escape');
    await card.waitFor({ state: 'detached' });
    expect(await page.evaluate('document.activeElement.getAttribute("aria-label")')).toBe('Account and app');
    await context.close();
  });
});

inBrowser('the page of parts, as a development build serves it', () => {
  let server: ChildProcess;
  let address: string;
  let browser: Browser;
  beforeAll(async () => {
    server = spawn(process.execPath, ['node_modules/vite/bin/vite.js', 'web', '--host', '127.0.0.1'], {
      env: { ...process.env, NODE_ENV: 'development', NO_COLOR: '1' },
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    address = await new Promise<string>((resolve, reject) => {
      server.once('exit', (code) => reject(new Error(`vite ended with ${code}`)));
      server.stdout?.setEncoding('utf8').on('data', (text: string) => {
        const found = /http:\/\/127\.0\.0\.1:\d+\//.exec(text);
        if (found) resolve(found[0]);
      });
    });
    browser = await launchChromium(chromium!);
  });
  afterAll(async () => {
    await browser?.close();
    server?.kill();
  });

  test.each(Object.keys(sizes))('it has no barrier and shows both themes: %s', async (size) => {
    const { page, context } = await openWindow(browser, { viewport: sizes[size as keyof typeof sizes] });
    // The first visit waits until the development server has made every library ready.
    context.setDefaultTimeout(180_000);
    await page.goto(`${address}design`);
    await page.getByRole('heading', { name: 'dark' }).waitFor();
    expect(await findOverflow(page)).toBe(0);
    expect(await findBarriers(page)).toEqual([]);
    await takePicture(page, `design-${size}`);
    await context.close();
  });
});
