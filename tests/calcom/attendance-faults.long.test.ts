import type { Appointment } from '@daybook/http-contract/appointments';
import { until } from '@daybook/runtime/testing';
import { bothEqual, readSandboxState } from './support/both-sides.ts';
import { apiFaults } from './support/faults.ts';
import { openCalcomPractice, type CalcomPractice } from './support/practice.ts';

jest.setTimeout(180_000);

let practice: CalcomPractice;
let begun: Appointment;

/** An appointment that begins in a few seconds, and has then: only what has begun can be missed. */
beforeAll(async () => {
  practice = await openCalcomPractice({ webhooks: true });
  const start = new Date(Math.ceil((Date.now() + 8000) / 1000) * 1000).toISOString();
  const answer = await practice.api.book({ customer: { name: 'Soon' }, start, durationMinutes: 30 });
  if (answer.status !== 201) throw new Error(`booking answered ${answer.status} ${answer.problem?.code ?? ''}`);
  begun = answer.body;
  await bothEqual(practice.api, practice.sandboxUrl, 20_000);
  await new Promise((resolve) => setTimeout(resolve, Math.max(0, Date.parse(start) + 500 - Date.now())));
}, 120_000);
afterAll(() => practice?.stop());

async function record(attendance: 'no_show' | 'expected'): Promise<void> {
  const path = `/api/appointments/${begun.id}/attendance`;
  const answer = await practice.api.request('POST', path, { body: { attendance } });
  if (answer.status !== 200) throw new Error(`${attendance} answered ${answer.status} ${answer.problem?.code ?? ''}`);
}

test.each(
  apiFaults
    .filter(({ name }) => /^(nothing|500|connection|committed, then)/.test(name))
    .map(
      (fault, index) => [fault.name, fault, index % 2 === 0 ? ('no_show' as const) : ('expected' as const)] as const,
    ),
)('%s: who did not come is marked there, or the mark is taken back', async (_name, fault, attendance) => {
  await practice.during(fault, async () => {
    await record(attendance);
    await bothEqual(practice.api, practice.sandboxUrl, 30_000);
  });
});

test('a mark made on Cal.com is taken over here', async () => {
  await record('expected');
  await bothEqual(practice.api, practice.sandboxUrl, 20_000);
  const { bookings } = await readSandboxState(practice.sandboxUrl);
  const { uid, attendees } = bookings.find(({ status }) => status === 'accepted')!;
  const answer = await fetch(`${practice.sandboxUrl}/v2/bookings/${uid}/mark-absent`, {
    method: 'POST',
    headers: {
      authorization: 'Bearer cal_sandbox',
      'cal-api-version': '2024-08-13',
      'content-type': 'application/json',
    },
    body: JSON.stringify({ attendees: [{ email: attendees[0]!.email, absent: true }] }),
  });
  expect(answer.status).toBe(200);
  await until(async () => (await practice.api.appointment(begun.id)).body.status === 'no_show', {
    timeoutMs: 5000,
    what: 'the mark here',
  });
  await bothEqual(practice.api, practice.sandboxUrl, 20_000);
});
