import { randomUUID } from 'node:crypto';
import { setTimeout as delay } from 'node:timers/promises';
import { type ApiClient, startIn } from './api-client.ts';

/** What a load has seen. */
export type LoadReport = {
  asked: number;
  /** One line for each answer that was no success. */
  failures: string[];
  /** Ids of the bookings that were acknowledged. */
  booked: string[];
};

/**
 * Two clients that book without end and two that look, of whom nobody tries again: for times at which not one request may
 * fail. Needs a practice that is always open.
 */
export function startSteadyLoad(api: ApiClient): { report: LoadReport; stop(): Promise<LoadReport> } {
  const report: LoadReport = { asked: 0, failures: [], booked: [] };
  let running = true;
  const note = (what: string, status: number, code: string | undefined): void => {
    report.asked += 1;
    if (status >= 400) report.failures.push(`${what}: ${status} ${code ?? ''}`);
  };
  const book = async (client: number): Promise<void> => {
    for (let turn = 0; running; turn += 1) {
      // Times of its own for each client, so that none is taken.
      const start = startIn(30 + client * 60 + Math.floor(turn / 48), Math.floor((turn % 48) / 2), (turn % 2) * 30);
      const booking = { customer: { name: `Client ${client}` }, start, durationMinutes: 30 };
      // Under a key, as the app sends it: only then may the gateway repeat what a vanishing replica did not answer.
      const answer = await api.book(booking, { key: randomUUID() });
      note('book', answer.status, answer.problem?.code);
      if (answer.status === 201) report.booked.push(answer.body.id);
      await delay(60);
    }
  };
  const look = async (): Promise<void> => {
    while (running) {
      const list = await api.request('GET', '/api/appointments?limit=5');
      note('list', list.status, list.problem?.code);
      const me = await api.request('GET', '/api/auth/me');
      note('me', me.status, me.problem?.code);
      await delay(40);
    }
  };
  const clients = [book(0), book(1), look(), look()];
  return {
    report,
    async stop() {
      running = false;
      await Promise.all(clients);
      return report;
    },
  };
}
