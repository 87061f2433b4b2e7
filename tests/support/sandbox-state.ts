import { until } from '@daybook/runtime/testing';

/** A booking as the Cal.com stand-in holds it (the part tests compare). */
export type SandboxBooking = {
  uid: string;
  status: string;
  start: string;
  end: string;
  metadata?: Record<string, unknown>;
};

/** Everything the stand-in holds, read over its admin door. */
export async function readSandbox(sandboxUrl: string): Promise<{ bookings: SandboxBooking[] }> {
  const response = await fetch(`${sandboxUrl}/admin/state`);
  if (!response.ok) throw new Error(`the sandbox answered ${response.status}`);
  return (await response.json()) as { bookings: SandboxBooking[] };
}

/** Active bookings by our appointment id; throws when one appointment has two (I7: no doubles). */
export async function activeBookings(sandboxUrl: string): Promise<Map<string, SandboxBooking>> {
  const { bookings } = await readSandbox(sandboxUrl);
  const byAppointment = new Map<string, SandboxBooking>();
  for (const booking of bookings) {
    if (booking.status !== 'accepted') continue;
    const id = booking.metadata?.['daybookId'];
    if (typeof id !== 'string') throw new Error(`booking ${booking.uid} carries no appointment id`);
    const other = byAppointment.get(id);
    if (other) throw new Error(`appointment ${id} stands twice on Cal.com: ${other.uid} and ${booking.uid}`);
    byAppointment.set(id, booking);
  }
  return byAppointment;
}

/** Waits until each of our appointments stands on Cal.com once. @throws Error when one does not in time (ms) */
export async function allOnCalcom(sandboxUrl: string, ids: readonly string[], timeoutMs: number): Promise<void> {
  await until(
    async () => {
      const there = await activeBookings(sandboxUrl);
      return ids.every((id) => there.has(id));
    },
    { timeoutMs, intervalMs: 250, what: `${ids.length} bookings on Cal.com` },
  );
}

/** Replaces the fault rules; an empty list heals. */
export async function setFaults(sandboxUrl: string, rules: object[]): Promise<void> {
  const response = await fetch(`${sandboxUrl}/admin/faults`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ rules }),
  });
  if (!response.ok) throw new Error(`the sandbox refused the faults: ${response.status}`);
}
