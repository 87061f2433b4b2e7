import type { Locator, Page } from 'playwright-core';
import { owner } from './stack.ts';

/** Signs the owner in on a page and waits until a screen stands. */
export async function signIn(page: Page, gatewayUrl: string, path = '/'): Promise<void> {
  await page.goto(gatewayUrl + path);
  await page.getByLabel('Username').fill(owner.username);
  await page.getByLabel('Password').fill(owner.password);
  await page.getByRole('button', { name: 'Sign in' }).click();
  await page.getByRole('navigation').first().waitFor();
}

/** An appointment or blocked time drawn in the calendar whose words hold this text. */
export function entry(page: Page, text: string | RegExp): Locator {
  return page.locator('[data-entry]').filter({ hasText: text }).first();
}

/** Where a time stands on the day or week view: the middle of its day, a little below its line. Rows are half hours. */
export async function placeOf(page: Page, day: string, time: string): Promise<{ x: number; y: number }> {
  const [hours = '0', minutes = '0'] = time.split(':');
  const half = Number(minutes) >= 30 ? '30' : '00';
  const column = page.locator(`[data-date="${day}"]`).last();
  const row = page.locator(`[data-time^="${hours}:${half}"]`).last();
  await row.scrollIntoViewIfNeeded();
  const [x, y] = [await column.boundingBox(), await row.boundingBox()];
  if (!x || !y) throw new Error(`the calendar shows no ${day} ${time}`);
  const quarter = ((Number(minutes) % 30) / 30) * y.height;
  return { x: x.x + x.width / 2, y: y.y + quarter + 4 };
}

/** Presses at one place and lets go at another, as a hand does: not in one leap. */
export async function drag(page: Page, from: { x: number; y: number }, to: { x: number; y: number }): Promise<void> {
  await page.mouse.move(from.x, from.y);
  await page.mouse.down();
  await page.mouse.move(from.x + 3, from.y + 6, { steps: 2 });
  await page.mouse.move(to.x, to.y, { steps: 8 });
  await page.mouse.up();
}

/** Drags an entry by its upper edge so that it begins at a time. */
export async function dragEntry(page: Page, what: Locator, day: string, time: string): Promise<void> {
  const box = await what.boundingBox();
  if (!box) throw new Error('the entry is not drawn');
  const to = await placeOf(page, day, time);
  const now = (await what.boundingBox()) ?? box;
  await drag(page, { x: now.x + now.width / 2, y: now.y + 4 }, to);
}
