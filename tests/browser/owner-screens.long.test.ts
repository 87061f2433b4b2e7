import type { Browser, Page } from 'playwright-core';
import { until } from '@daybook/runtime/testing';
import type { Stack } from '@daybook/stack/start-stack';
import { findBarriers, findOverflow } from '../support/accessibility.ts';
import { ApiClient } from '../support/api-client.ts';
import { findChromium, launchChromium, openWindow, viewports, type Watched } from '../support/browser.ts';
import { setFaults } from '../support/sandbox-state.ts';
import { owner, startTestStack } from '../support/stack.ts';

jest.setTimeout(180_000);

const chromium = findChromium();
const inBrowser = chromium ? describe : describe.skip;
const zone = 'Europe/Luxembourg';

/** A weekday of next week, 1 = Monday, at a wall time of the practice. */
function nextWeek(weekday: number, time: string): string {
  const today = Temporal.Now.plainDateISO(zone);
  return today
    .add({ days: 7 - today.dayOfWeek + weekday })
    .toZonedDateTime({ timeZone: zone, plainTime: time })
    .toString({ timeZoneName: 'never', smallestUnit: 'second' });
}

/** Every screen of the owner that is not the calendar or Today. */
const screens = ['/appointments', '/customers', '/hours', '/types', '/calcom', '/settings', '/guide', '/more'];

inBrowser("the owner's other screens, in a real browser", () => {
  let stack: Stack;
  let stopAndRemove: () => Promise<void>;
  let browser: Browser;
  let desk: Watched;
  let page: Page;
  let api: ApiClient;

  beforeAll(async () => {
    ({ stack, stopAndRemove } = await startTestStack({
      extraEnv: {
        scheduling: { DEFAULT_TIME_ZONE: zone },
        // No connection from the environment: the owner makes it.
        'calcom-sync': { CALCOM_API_URL: '', CALCOM_API_KEY: '', CALCOM_ALLOWED_HOSTS: '127.0.0.1,localhost' },
      },
    }));
    browser = await launchChromium(chromium!);
    desk = await openWindow(browser, { viewport: viewports.desktop });
    page = desk.page;
    api = await ApiClient.signIn(stack.gatewayUrl, owner);
    await signIn(page);
  });
  afterAll(async () => {
    await browser?.close();
    await stopAndRemove?.();
  });
  afterEach(() => expect(desk.faults.splice(0)).toEqual([]));

  const signIn = async (at: Page) => {
    await at.goto(stack.gatewayUrl);
    await at.getByLabel('Username').fill(owner.username);
    await at.getByLabel('Password').fill(owner.password);
    await at.getByRole('button', { name: 'Sign in' }).click();
    await at.getByRole('heading', { name: 'Today', level: 1 }).waitFor();
  };
  const go = async (path: string, heading: string | RegExp, at: Page = page) => {
    await at.goto(stack.gatewayUrl + path);
    await at.getByRole('heading', { name: heading, level: 1 }).waitFor();
  };
  const book = async (name: string, start: string, email?: string) => {
    const answer = await api.request<{ id: string }>('POST', '/api/appointments', {
      headers: { 'idempotency-key': crypto.randomUUID() },
      body: { customer: { name, ...(email === undefined ? {} : { email }) }, start, durationMinutes: 30 },
    });
    expect(answer.status).toBe(201);
    return answer.body.id;
  };

  /** How the focused element is called: its label, or its own words. */
  const nameOfFocus = () =>
    page.evaluate<string>(
      `(() => { const at = document.activeElement; return (at.getAttribute('aria-label') || at.labels?.[0]?.textContent || at.textContent || '').trim(); })()`,
    );
  /** Presses Tab until something of this name has the focus; a journey that needs more than a screenful of stops is too long. */
  const tabTo = async (name: string | RegExp) => {
    for (let stops = 0; stops < 60; stops += 1) {
      const now = await nameOfFocus();
      if (typeof name === 'string' ? now === name : name.test(now)) return;
      await page.keyboard.press('Tab');
    }
    throw new Error(`Tab never came to ${String(name)}`);
  };

  test('the guide leads from hours over a type and Cal.com to the first booking, and goes on where it was left', async () => {
    await go('/guide', 'Set up Daybook');
    await page.getByRole('button', { name: 'Monday–Friday 9–17' }).click();
    await page.getByText('You have opening hours.').waitFor();
    await page.getByRole('button', { name: 'Next step' }).click();
    await page.getByText('1 of 4 done').waitFor();

    await page.reload();
    const form = page.getByRole('form', { name: /^Edit/ });
    await form.getByLabel('Lengths in minutes').fill('30, 45');
    await form.getByRole('button', { name: 'Save' }).click();
    await page.getByText('2 of 4 done').waitFor();

    await page.getByLabel('Address of the API').fill(`${stack.sandboxUrl}/v2`);
    await page.getByLabel('API key').fill('cal_not_this_one');
    await page.getByRole('button', { name: 'Test the connection' }).click();
    await page.getByText('Something does not fit yet.').waitFor();
    await page.getByText('The key is accepted: failed').waitFor();
    await page.getByLabel('API key').fill('cal_sandbox');
    await page.getByRole('button', { name: 'Test the connection' }).click();
    await page.getByText('Everything fits. You can save.').waitFor();
    await page.getByRole('button', { name: 'Save', exact: true }).click();
    await page.getByText('3 of 4 done').waitFor();

    await page.getByRole('listitem').getByRole('button', { name: 'New appointment' }).click();
    const dialog = page.getByRole('dialog', { name: 'New appointment' });
    await dialog.getByRole('combobox', { name: 'Customer' }).fill('Ann Lee');
    await dialog.getByLabel(/^E-mail/).fill('ann@example.org');
    await dialog.getByLabel('Day', { exact: true }).fill(nextWeek(1, '10:00').slice(0, 10));
    await dialog.getByLabel('Time', { exact: true }).fill('10:00');
    await dialog.getByRole('button', { name: 'Book', exact: true }).click();
    await page.getByText('There are appointments already.').waitFor();
    await page.getByRole('button', { name: 'Next step' }).click();
    await page.getByText('Daybook is ready').waitFor();
  });

  test('a connection shows what starting would do before anything is sent, and then every appointment in step', async () => {
    await go('/calcom', 'Cal.com');
    await page.getByRole('heading', { name: 'Ready, but not started' }).waitFor();
    const plan = page.getByRole('region', { name: 'What starting would do' });
    await plan.getByText('Send an appointment').first().waitFor();
    await plan.getByRole('button', { name: 'Start' }).click();
    await page.getByRole('heading', { name: 'Connected', exact: true }).waitFor();
    await page.getByRole('button', { name: /^In step 1$/ }).click();
    await page.getByRole('button', { name: 'Ann Lee' }).waitFor();
    expect(new URL(page.url()).searchParams.get('state')).toBe('in_step');
  });

  test('what Cal.com refuses is told with its tries, and a retry after the repair brings it in step', async () => {
    await setFaults(stack.sandboxUrl!, [{ match: { operation: 'createBooking' }, kind: 'status', status: 400 }]);
    await book('Zoë Refused', nextWeek(2, '11:00'));
    await go('/calcom?state=failed', 'Cal.com');
    const row = page.getByRole('listitem').filter({ hasText: 'Zoë Refused' });
    await row.getByRole('button', { name: 'Both sides and tries' }).click({ timeout: 30_000 });
    await row
      .getByText(/Made, failed/)
      .first()
      .waitFor();
    await setFaults(stack.sandboxUrl!, []);
    await row.getByRole('button', { name: 'Try again' }).click();
    await page.getByRole('button', { name: /^In step 2$/ }).waitFor({ timeout: 15_000 });
    await page.getByRole('button', { name: 'Compare now' }).click();
    await page.getByText(/both sides agree/).waitFor({ timeout: 15_000 });
  });

  test('new hours show what closes and who falls outside before they are saved', async () => {
    await go('/hours', 'Opening hours');
    const end = page.getByRole('textbox', { name: 'Monday to' });
    await end.fill('09:30');
    await end.press('Tab');
    await page.getByRole('button', { name: 'Save hours' }).click();
    const review = page.getByRole('dialog', { name: 'What these hours change' });
    await review.getByText('1 appointment lies outside the new hours').waitFor();
    await review.getByText(/Monday, 09:30.17:00/).waitFor();
    await review.getByRole('button', { name: 'Keep editing' }).click();
    const now = await api.request<{ weekly: { day: string; end: string }[] }>('GET', '/api/availability');
    expect(now.body.weekly.find(({ day }) => day === 'monday')?.end).toBe('17:00');

    await end.fill('18:00');
    await end.press('Tab');
    await page.getByRole('button', { name: 'Save hours' }).click();
    await review.getByText('Becomes free').waitFor();
    await review.getByRole('button', { name: 'Save these hours' }).click();
    await page.getByText('Saved the hours').first().waitFor();
  });

  test('hours are painted with the mouse, and the fields say the same', async () => {
    await go('/hours', 'Opening hours');
    const week = page.getByTestId('week-paint');
    await week.waitFor();
    const box = (await week.boundingBox())!;
    // Saturday is the sixth column; the picture shows 06:00 to 22:00.
    const x = box.x + (box.width * 5.5) / 7;
    const at = (hour: number) => box.y + (box.height * (hour - 6)) / 16;
    await page.mouse.move(x, at(10.25));
    await page.mouse.down();
    await page.mouse.move(x, at(12.75), { steps: 5 });
    await page.mouse.up();
    const from = page.getByRole('textbox', { name: 'Saturday from' });
    await from.waitFor();
    expect(await from.inputValue()).toBe('10:00');
    expect(await page.getByRole('textbox', { name: 'Saturday to' }).inputValue()).toBe('13:00');
  });

  test('two customers who are one person are joined, and the one who stays is booked again', async () => {
    await book('Anne Lee', nextWeek(3, '10:00'), 'anne.lee@example.org');
    await go('/customers', 'Customers');
    await page.getByLabel('Search').fill('lee');
    await page.getByRole('link', { name: /Ann Lee/ }).click();
    await page.getByRole('heading', { name: 'Ann Lee', level: 1 }).waitFor();
    await page.getByRole('button', { name: 'Join with another' }).click();
    const dialog = page.getByRole('dialog', { name: 'Join with another' });
    await dialog.getByLabel('Who is the same person?').fill('anne');
    await dialog.getByRole('radio', { name: /Anne Lee/ }).check();
    await dialog.getByRole('button', { name: 'Join', exact: true }).click();
    await page.getByText('Joined Anne Lee into Ann Lee').first().waitFor();
    await page.getByRole('region', { name: 'To come' }).getByRole('button').nth(1).waitFor();
    await page.getByRole('button', { name: 'Book again' }).click();
    const booking = page.getByRole('dialog', { name: 'New appointment' });
    await booking.waitFor();
    expect(await booking.getByLabel(/^E-mail/).inputValue()).toBe('ann@example.org');
  });

  test('on a slow machine no typed letter is lost, and whoever opens somebody while the address catches up gets there', async () => {
    const meter = await page.context().newCDPSession(page);
    await meter.send('Emulation.setCPUThrottlingRate', { rate: 4 });
    try {
      await go('/appointments', 'Appointments');
      const search = page.getByLabel('Search');
      await search.focus();
      await page.keyboard.type('ann lee', { delay: 20 });
      expect(await search.inputValue()).toBe('ann lee');
      await page.waitForURL(/q=ann(\+|%20)lee/);
      await page
        .getByRole('button', { name: /Ann Lee/ })
        .first()
        .waitFor();
      await go('/customers', 'Customers');
      const found = page.getByRole('link', { name: /Ann Lee/ });
      await found.waitFor();
      await page.getByLabel('Search').fill('ann');
      await found.click();
      await page.getByRole('heading', { name: 'Ann Lee', level: 1 }).waitFor();
      await page.goBack();
      await page.waitForURL(/\/customers\?q=ann$/);
      expect(await page.getByLabel('Search').inputValue()).toBe('ann');
    } finally {
      await meter.send('Emulation.setCPUThrottlingRate', { rate: 1 });
      await meter.detach();
    }
  });

  test('a type is made with the keyboard alone', async () => {
    await go('/types', 'Appointment types');
    await page.getByRole('button', { name: 'New type' }).focus();
    await page.keyboard.press('Enter');
    await page.getByRole('dialog', { name: 'New type' }).waitFor();
    await page.keyboard.type('Follow-up');
    await page.keyboard.press('Tab');
    await page.keyboard.press('Control+A');
    await page.keyboard.type('15, 20');
    await page.keyboard.press('Tab');
    await page.keyboard.press('ArrowRight');
    await page.keyboard.press('Enter');
    await page.getByText('Added Follow-up').first().waitFor();
    await page.getByRole('listitem').filter({ hasText: 'Follow-up' }).getByText('15 minutes or 20 minutes').waitFor();
  });

  test('hours are changed, looked at and saved by the keyboard alone, and a customer is found and noted', async () => {
    await go('/hours', 'Opening hours');
    const end = page.getByRole('textbox', { name: 'Friday to' });
    const review = page.getByRole('dialog', { name: 'What these hours change' });
    await end.focus();
    await page.keyboard.press('Control+A');
    await page.keyboard.type('16:30');
    // Enter in a field is the shorter way to the same question; Escape goes on editing.
    await page.keyboard.press('Enter');
    await review.getByText(/Friday, 16:30/).waitFor();
    await page.keyboard.press('Escape');
    await review.waitFor({ state: 'detached' });
    await tabTo('Save hours');
    await page.keyboard.press('Enter');
    await review.waitFor();
    await tabTo('Save these hours');
    await page.keyboard.press('Enter');
    await page.getByText('Saved the hours').first().waitFor();

    await go('/customers', 'Customers');
    await page.getByLabel('Search').focus();
    await page.keyboard.type('zoe');
    await page.getByRole('link', { name: /Zoë Refused/ }).waitFor();
    await tabTo(/Zoë Refused/);
    await page.keyboard.press('Enter');
    await page.getByRole('heading', { name: 'Zoë Refused', level: 1 }).waitFor();
    await tabTo('Edit');
    await page.keyboard.press('Enter');
    const dialog = page.getByRole('dialog', { name: 'Edit' });
    await dialog.waitFor();
    await tabTo(/^Notes/);
    await page.keyboard.type('Prefers mornings');
    await tabTo('Save');
    await page.keyboard.press('Enter');
    await dialog.waitFor({ state: 'detached' });
    await page.getByText('Prefers mornings').waitFor();
    expect(await nameOfFocus()).toBe('Edit');
  });

  test('several appointments are cancelled together and brought back by one undo', async () => {
    const day = nextWeek(4, '10:00').slice(0, 10);
    await book('Bo One', nextWeek(4, '10:00'));
    await book('Cy Two', nextWeek(4, '11:00'));
    await go(`/appointments?from=${day}&to=${day}`, 'Appointments');
    await page.getByRole('button', { name: 'Choose several' }).click();
    await page.getByRole('button', { name: 'Choose all shown' }).click();
    await page.getByText('2 chosen').waitFor();
    await page.getByRole('button', { name: 'Cancel them…' }).click();
    await page.getByRole('button', { name: 'Cancel all 2' }).click();
    await page.getByText('Cancelled 2 appointments').first().waitFor();
    await page.getByRole('button', { name: /^Undo/ }).click();
    const range = `from=${encodeURIComponent(nextWeek(4, '00:00'))}&to=${encodeURIComponent(nextWeek(5, '00:00'))}`;
    await until(
      async () => {
        const listed = await api.request<{ items: { status: string }[] }>('GET', `/api/appointments?${range}`);
        return listed.body.items.map(({ status }) => status).join() === 'scheduled,scheduled';
      },
      { timeoutMs: 10_000, intervalMs: 200, what: 'both appointments scheduled again' },
    );
  });

  test('the practice speaks French and counts to twelve as soon as it is told to', async () => {
    await go('/settings', 'Settings');
    await page.getByLabel('Language', { exact: true }).selectOption('fr');
    await page.getByLabel('Hours', { exact: true }).selectOption('12');
    await page.getByRole('form', { name: 'Practice' }).getByRole('button', { name: 'Save' }).click();
    await page.getByRole('heading', { name: 'Réglages', level: 1 }).waitFor();
    await go('/appointments', 'Rendez-vous');
    await page
      .getByText(/10:00 ?AM/)
      .first()
      .waitFor();
    expect(await page.evaluate('document.documentElement.lang')).toBe('fr');
    await go('/settings', 'Réglages');
    await page.getByLabel('Langue', { exact: true }).selectOption('');
    await page.getByLabel('Heures', { exact: true }).selectOption('');
    await page.getByRole('form', { name: 'Cabinet' }).getByRole('button', { name: 'Enregistrer' }).click();
    await page.getByRole('heading', { name: 'Settings', level: 1 }).waitFor();
  });

  test('a wrong current password is told beside its field', async () => {
    await go('/settings', 'Settings');
    await page.getByLabel('Current password').fill('not this one');
    await page.getByLabel('New password', { exact: true }).fill('another-horse-battery');
    await page.getByLabel('New password again').fill('another-horse-battery');
    await page.getByRole('button', { name: 'Set the password' }).click();
    await page.getByText('The current password is not right.').waitFor();
    expect(await page.evaluate('document.activeElement.getAttribute("aria-invalid")')).toBe('true');
  });

  test.each(['light', 'dark'] as const)('axe finds no barrier on any of these screens, %s', async (colorScheme) => {
    const watched = await openWindow(browser, { viewport: viewports.desktop, colorScheme });
    await signIn(watched.page);
    const barriers: string[] = [];
    for (const path of screens) {
      await go(path, /./, watched.page);
      await watched.page.waitForLoadState('networkidle', { timeout: 3000 }).catch(() => undefined);
      barriers.push(...(await findBarriers(watched.page)).map((line) => `${path} ${line}`));
    }
    await watched.context.close();
    expect(barriers).toEqual([]);
  });

  test.each([
    ['a phone', { width: 390, height: 844 }],
    ['the narrowest', { width: 320, height: 640 }],
    ['a desk at 200 %', { width: 640, height: 425 }],
  ])('nothing must be scrolled sideways on %s', async (_name, viewport) => {
    const watched = await openWindow(browser, { viewport });
    await signIn(watched.page);
    const wide: string[] = [];
    for (const path of screens) {
      await go(path, /./, watched.page);
      await watched.page.waitForLoadState('networkidle', { timeout: 3000 }).catch(() => undefined);
      const overflow = await findOverflow(watched.page);
      if (overflow > 0) wide.push(`${path} by ${overflow}`);
    }
    await watched.context.close();
    expect(wide).toEqual([]);
  });

  test('disconnecting asks what is to happen to what stands on Cal.com', async () => {
    await go('/calcom', 'Cal.com');
    await page.getByRole('button', { name: 'Disconnect' }).click();
    const dialog = page.getByRole('dialog', { name: 'Disconnect Cal.com' });
    await dialog.getByRole('checkbox', { name: 'Cancel the bookings to come there' }).waitFor();
    await dialog.getByRole('button', { name: 'Disconnect' }).click();
    await page.getByText('Disconnected from Cal.com').first().waitFor();
    await page.getByRole('heading', { name: 'Connect Cal.com' }).waitFor({ timeout: 20_000 });
  });
});
