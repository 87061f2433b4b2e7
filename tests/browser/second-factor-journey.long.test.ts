import { readFile } from 'node:fs/promises';
import type { Browser, Page } from 'playwright-core';
import type { Stack } from '@daybook/stack/start-stack';
import { findBarriers, findOverflow } from '../support/accessibility.ts';
import { startAuthenticator, type Authenticator } from '../support/authenticator.ts';
import { findChromium, launchChromium, openWindow, takePicture, viewports, type Watched } from '../support/browser.ts';
import { owner, startTestStack } from '../support/stack.ts';

jest.setTimeout(120_000);

const chromium = findChromium();
const inBrowser = chromium ? describe : describe.skip;

inBrowser('the second factor in a real browser', () => {
  let stack: Stack;
  let stopAndRemove: () => Promise<void>;
  let browser: Browser;
  let phone: Watched;
  let app: Authenticator;
  let recoveryCodes: string[];

  beforeAll(async () => {
    ({ stack, stopAndRemove } = await startTestStack());
    browser = await launchChromium(chromium!);
    phone = await openWindow(browser, { viewport: viewports.phone, colorScheme: 'dark' });
  });
  afterAll(async () => {
    await browser?.close();
    await stopAndRemove?.();
  });
  afterEach(() => expect(phone.faults).toEqual([]));

  async function expectGoodPage(page: Page): Promise<void> {
    expect({ barriers: await findBarriers(page), overflow: await findOverflow(page) }).toEqual({
      barriers: [],
      overflow: 0,
    });
  }

  async function typePassword(page: Page): Promise<void> {
    await page.getByLabel('Username').fill(owner.username);
    await page.getByLabel('Password').fill(owner.password);
    await page.keyboard.press('Enter');
  }

  async function signOut(page: Page): Promise<void> {
    await page.context().clearCookies();
    await page.goto(`${stack.gatewayUrl}/sign-in?return=%2Fsettings`);
  }

  const card = (page: Page) => page.getByRole('region', { name: 'Second factor' });

  test('is turned on with the key that the page shows, by keys alone, and the recovery codes can be kept', async () => {
    const { page } = phone;
    await page.goto(`${stack.gatewayUrl}/settings`);
    await typePassword(page);
    await card(page).getByRole('button', { name: 'Turn on' }).focus();
    await page.keyboard.press('Enter');
    const dialog = page.getByRole('dialog');
    await dialog.getByLabel('Current password').fill('not-the-password');
    await page.keyboard.press('Enter');
    await dialog.getByText('The current password is not right.').waitFor();
    await dialog.getByLabel('Current password').fill(owner.password);
    await page.keyboard.press('Enter');
    await dialog.getByRole('img', { name: 'The key as a QR code' }).waitFor();
    const key = await dialog.getByTestId('second-factor-key').innerText();
    expect(key).toMatch(/^([A-Z2-7]{4} ){7}[A-Z2-7]{4}$/);
    await expectGoodPage(page);
    await takePicture(page, 'second-factor-key-phone-dark');
    app = await startAuthenticator(key);
    await page.keyboard.type('000000');
    await page.keyboard.press('Enter');
    await dialog.getByText(/The code does not count/).waitFor();
    // The field is empty again and has the focus.
    await page.keyboard.type(app.code(-1));
    await page.keyboard.press('Enter');
    const codes = dialog.getByRole('list', { name: 'Recovery codes' });
    await codes.waitFor();
    recoveryCodes = await codes.getByRole('listitem').allInnerTexts();
    expect(recoveryCodes).toHaveLength(10);
    await expectGoodPage(page);
    await takePicture(page, 'recovery-codes-phone-dark');
    await page.keyboard.press('Escape');
    await dialog.getByText(/You have not copied/).waitFor();
    const download = page.waitForEvent('download');
    await dialog.getByRole('button', { name: 'Download' }).click();
    const kept = await readFile(await (await download).path(), 'utf8');
    expect(recoveryCodes.filter((code) => !kept.includes(code))).toEqual([]);
    await page.emulateMedia({ media: 'print' });
    expect(await page.getByRole('heading', { name: 'Settings' }).isVisible()).toBe(false);
    expect(await codes.isVisible()).toBe(true);
    await page.emulateMedia({ media: 'screen' });
    await dialog.getByRole('button', { name: 'Done' }).click();
    await card(page)
      .getByText(/10 recovery codes are left/)
      .waitFor();
  });

  test('is asked for after the password; a wrong code says so, the right one opens what was wanted', async () => {
    const { page } = phone;
    await signOut(page);
    await typePassword(page);
    const code = page.getByLabel('Code', { exact: true });
    await code.waitFor();
    expect(await code.getAttribute('autocomplete')).toBe('one-time-code');
    expect(await code.getAttribute('inputmode')).toBe('numeric');
    await expectGoodPage(page);
    await takePicture(page, 'second-factor-phone-dark');
    // The field has the focus: whoever comes from the password types on.
    await page.keyboard.type('123456');
    await page.keyboard.press('Enter');
    await page.getByText(/The code does not count/).waitFor();
    await page.keyboard.insertText(app.code(0).replace(/^.../, '$& '));
    await page.keyboard.press('Enter');
    await page.waitForURL(/\/settings/);
  });

  test('gives way to a recovery code, and to somebody else', async () => {
    const { page } = phone;
    await signOut(page);
    await typePassword(page);
    await page.getByRole('button', { name: 'Sign in as somebody else' }).click();
    await typePassword(page);
    await page.getByRole('button', { name: 'Use a recovery code' }).click();
    await page.keyboard.insertText(recoveryCodes[0]!.toLowerCase());
    await page.keyboard.press('Enter');
    await page.waitForURL(/\/settings/);
    await card(page)
      .getByText(/9 recovery codes are left/)
      .waitFor();
  });

  test('is turned off with password and code, and then the password is enough', async () => {
    const { page } = phone;
    await card(page).getByRole('button', { name: 'Turn off' }).click();
    const dialog = page.getByRole('dialog');
    await dialog.getByLabel('Current password').fill(owner.password);
    await dialog.getByLabel('Code', { exact: true }).fill(app.code(1));
    await expectGoodPage(page);
    await dialog.getByRole('button', { name: 'Turn off' }).click();
    await card(page).getByRole('button', { name: 'Turn on' }).waitFor();
    await signOut(page);
    await typePassword(page);
    await page.waitForURL(/\/settings/);
  });
});
