import { until } from '@daybook/runtime/testing';
import { readSandboxState } from './both-sides.ts';

/** The account of the stand-in whose pages customers use. */
const USERNAME = 'daybook-sandbox';

async function submit(url: string, fields: Record<string, string>): Promise<string> {
  const answer = await fetch(url, { method: 'POST', body: new URLSearchParams(fields), redirect: 'manual' });
  const page = await answer.text();
  if (answer.status === 303) return answer.headers.get('location') ?? '';
  const refusal = /role="alert">([^<]*)/.exec(page)?.[1] ?? page.slice(0, 200);
  throw new Error(`the booking page answered ${answer.status}: ${refusal}`);
}

/** Books as a customer on the public page of an event type; answers the booking's uid. Throws when the page refuses. */
export async function bookAsCustomer(
  sandboxUrl: string,
  given: { slug: string; start: string; name: string; email?: string },
): Promise<string> {
  const { slug, start, name } = given;
  const email = given.email ?? `${name.toLowerCase().replaceAll(/[^a-z0-9]+/g, '.')}@example.com`;
  const page = await submit(`${sandboxUrl}/${USERNAME}/${slug}`, { start, name, email, zone: 'Europe/Lisbon' });
  return decodeURIComponent(page.replace('/booking/', ''));
}

/** Moves a booking as its customer; answers the new uid. */
export async function moveAsCustomer(sandboxUrl: string, slug: string, uid: string, start: string): Promise<string> {
  const page = await submit(`${sandboxUrl}/${USERNAME}/${slug}`, { move: uid, start, reason: 'another day' });
  return decodeURIComponent(page.replace('/booking/', ''));
}

/** Presses a button of a booking's own page: cancel, pay, confirm or decline. */
export async function pressOnBooking(
  sandboxUrl: string,
  uid: string,
  button: 'cancel' | 'pay' | 'confirm' | 'decline',
): Promise<void> {
  await submit(`${sandboxUrl}/booking/${encodeURIComponent(uid)}/${button}`, { reason: 'something came up' });
}

/** Waits until an appointment type can be booked there, and tells its slug and id. */
export async function offeredType(sandboxUrl: string, slug: string): Promise<{ id: number; slug: string }> {
  return until(
    async () => {
      const { eventTypes } = await readSandboxState(sandboxUrl);
      return eventTypes.find((type) => type.slug === slug && !type.hidden && type.scheduleId !== null);
    },
    { timeoutMs: 20_000, intervalMs: 100, what: `the event type ${slug} on Cal.com, in our hours` },
  );
}
