import type { Stack } from '@daybook/stack/start-stack';
import type { BenchPractice } from './practice.ts';

const day = 86_400_000;
const slot = 5 * 60_000;

/** Calls the public API for the bench; every answer other than the expected one is an error. */
export class Caller {
  readonly #gatewayUrl: string;
  readonly #practice: BenchPractice;
  readonly #firstDay: number;
  #next = 0;

  /** @param firstDay days ahead from where this caller books, so that callers never want the same time */
  constructor(stack: Stack, practice: BenchPractice, firstDay: number) {
    this.#gatewayUrl = stack.gatewayUrl;
    this.#practice = practice;
    this.#firstDay = firstDay;
  }

  /** Books a time nobody has; answers the appointment's id. */
  async book(): Promise<string> {
    const answer = await this.tryToBook();
    if (answer.status !== 201) throw new Error(`a booking answered ${answer.status}: ${await answer.text()}`);
    return ((await answer.json()) as { id: string }).id;
  }

  /** Asks for a time nobody has, whatever comes of it. */
  tryToBook(): Promise<Response> {
    const { providerIds } = this.#practice;
    const index = this.#next;
    this.#next += 1;
    const midnight = Math.ceil(Date.now() / day) * day + this.#firstDay * day;
    const start = midnight + Math.floor(index / providerIds.length) * slot;
    return this.#send('/api/appointments', {
      customer: { name: `Caller ${this.#firstDay}-${index}` },
      start: new Date(start).toISOString(),
      durationMinutes: 5,
      providerId: providerIds[index % providerIds.length],
    });
  }

  /** Cancels an appointment. */
  async cancel(id: string): Promise<void> {
    const answer = await fetch(`${this.#gatewayUrl}/api/appointments/${id}`, {
      method: 'DELETE',
      headers: this.#headers(),
    });
    await answer.arrayBuffer();
    if (!answer.ok) throw new Error(`cancelling answered ${answer.status}`);
  }

  /** Thirty days of free starts of one of the providers. */
  async slots(turn: number): Promise<void> {
    const { providerIds } = this.#practice;
    const from = Math.ceil(Date.now() / day) * day;
    const range = `from=${new Date(from).toISOString()}&to=${new Date(from + 30 * day).toISOString()}`;
    await this.get(`/api/slots?${range}&durationMinutes=30&providerId=${providerIds[turn % providerIds.length]}`);
  }

  /** The parsed answer to a GET. */
  async get<T>(path: string): Promise<T> {
    const answer = await fetch(`${this.#gatewayUrl}${path}`, { headers: this.#headers() });
    const body = (await answer.json()) as T;
    if (!answer.ok) throw new Error(`${path} answered ${answer.status}: ${JSON.stringify(body)}`);
    return body;
  }

  #send(path: string, body: unknown): Promise<Response> {
    const headers = { ...this.#headers(), 'content-type': 'application/json' };
    return fetch(`${this.#gatewayUrl}${path}`, { method: 'POST', headers, body: JSON.stringify(body) });
  }

  #headers(): Record<string, string> {
    return { authorization: `Bearer ${this.#practice.token}` };
  }
}
