import { fillDemoPractice } from '@daybook/stack/demo';
import { ApiClient } from './support/api-client.ts';
import { owner, startTestStack } from './support/stack.ts';

jest.setTimeout(120_000);

test('the demo practice is believable, and filling it twice doubles nothing', async () => {
  const { stack, stopAndRemove } = await startTestStack();
  try {
    const said: string[] = [];
    await fillDemoPractice(stack, (line) => said.push(line));
    await fillDemoPractice(stack, (line) => said.push(line));
    const api = await ApiClient.signIn(stack.gatewayUrl, owner);
    const appointments = await api.allAppointments();
    const now = Date.now();
    expect(appointments.filter(({ start }) => Date.parse(start) > now).length).toBeGreaterThan(30);
    expect(appointments.filter(({ end }) => Date.parse(end) < now).length).toBeGreaterThan(10);
    expect(new Set(appointments.map(({ customer }) => customer.id)).size).toBeGreaterThan(25);
    expect(new Set(appointments.map(({ appointmentType }) => appointmentType.name)).size).toBe(3);
    expect(said).toHaveLength(2);
  } finally {
    await stopAndRemove();
  }
});
