import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { chromium, type Browser, type BrowserContext, type Page } from 'playwright-core';

/** A Chromium on this machine: CHROMIUM_BIN, then the PATH, then where macOS keeps it. */
export function findChromium(): string | undefined {
  const named = process.env['CHROMIUM_BIN'];
  if (named) return named;
  const names = ['chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable'];
  const folders = (process.env['PATH'] ?? '').split(':');
  const places = [
    ...folders.flatMap((folder) => names.map((name) => join(folder, name))),
    '/Applications/Chromium.app/Contents/MacOS/Chromium',
    '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
  ];
  return places.find((place) => existsSync(place));
}

/** Starts it headless, without the calls home that a closed network would refuse one by one. */
export function launchChromium(executablePath: string): Promise<Browser> {
  const quiet = [
    'no-first-run',
    'disable-background-networking',
    'disable-component-update',
    'disable-sync',
    'disable-quic',
    'disable-gpu',
    // The browser's own fields for days and times speak by this, on Linux by LANGUAGE below, not by what a page is told.
    'lang=en-GB',
  ];
  return chromium.launch({
    executablePath,
    env: { ...process.env, LANGUAGE: 'en_GB' },
    args: [...quiet.map((flag) => `--${flag}`), ...(process.getuid?.() === 0 ? ['--no-sandbox'] : [])],
  });
}

/** Widths at which every journey is looked at. */
export const viewports = { desktop: { width: 1280, height: 850 }, phone: { width: 390, height: 844 } } as const;

/** A browser window that remembers everything that went wrong in it. */
export type Watched = { context: BrowserContext; page: Page; faults: string[] };

/**
 * Opens a window in which console errors, uncaught errors and CSP reports are collected; a test expects none. The answers 401
 * and 409 are expected by the journeys, and Chromium prints a line for each failed request.
 */
export async function openWindow(
  browser: Browser,
  options: { viewport: { width: number; height: number }; colorScheme?: 'light' | 'dark'; timezoneId?: string },
): Promise<Watched> {
  const context = await browser.newContext({
    viewport: options.viewport,
    colorScheme: options.colorScheme ?? 'light',
    timezoneId: options.timezoneId ?? 'Europe/Luxembourg',
    locale: 'en-GB',
    reducedMotion: 'reduce',
  });
  const faults: string[] = [];
  context.on('page', (page) => {
    page.on('pageerror', (error) => faults.push(`uncaught: ${error.message}`));
    page.on('console', (message) => {
      const text = message.text();
      if (message.type() === 'error' && !/status of (401|409|422)/.test(text)) faults.push(`console: ${text}`);
    });
  });
  // A step that does not come is a fault at once; the five-second promises have their own limits.
  context.setDefaultTimeout(8000);
  return { context, page: await context.newPage(), faults };
}

/** For who wants to look: into the folder that DAYBOOK_PICTURES names, else nowhere. */
export async function takePicture(page: Page, name: string): Promise<void> {
  const folder = process.env['DAYBOOK_PICTURES'];
  if (!folder) return;
  await page.mouse.move(0, 0);
  await page.screenshot({ path: join(folder, `${name}.png`) });
}
