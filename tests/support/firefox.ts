import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { firefox, type Browser } from 'playwright-core';

/** A Firefox on this machine: FIREFOX_BIN, then the PATH, then where macOS keeps it. */
export function findFirefox(): string | undefined {
  const named = process.env['FIREFOX_BIN'];
  if (named) return named;
  const folders = (process.env['PATH'] ?? '').split(':');
  const places = [
    ...folders.flatMap((folder) => ['firefox', 'firefox-esr'].map((name) => join(folder, name))),
    '/Applications/Firefox.app/Contents/MacOS/firefox',
  ];
  return places.find((place) => existsSync(place));
}

type Session = { send: (this: Session, method: string, params: unknown) => Promise<unknown> };
type Inside = { _connection: { toImpl(browser: Browser): { _browserSession: Session } } };

/**
 * Starts an ordinary Firefox headless; Playwright speaks WebDriver BiDi with it. The one command that Firefox does not know yet, which
 * pretends a colour scheme or less motion, is left out: those are looked at in Chromium. `fill` puts a value in without React
 * noticing, so fields are typed into.
 */
export async function launchFirefox(executablePath: string): Promise<Browser> {
  const browser = await firefox.launch({ channel: 'moz-firefox', executablePath });
  const session = (browser as unknown as Inside)._connection.toImpl(browser)._browserSession;
  const parts = Object.getPrototypeOf(session) as Session;
  const { send } = parts;
  parts.send = function (method, params) {
    return method === 'emulation.setMediaFeaturesOverride' ? Promise.resolve({}) : send.call(this, method, params);
  };
  return browser;
}
