import { setTimeout as delay } from 'node:timers/promises';
import { ApiClient, startIn } from './api-client.ts';
import type { FinalAppointment, Operation } from './history.ts';

/** A seeded generator (mulberry32), so that a run can be replayed from its printed seed. */
export function seededRandom(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}

/** Whether an answer leaves open if the request took effect. */
const unknown = (status: number): boolean => status >= 500 || status === 408;

/**
 * Clients that book, move and cancel over the public API and write down what they were told.
 * Bookings fight for few times on purpose; each carries its intent in its notes, so that the final list can be matched.
 */
export class RecordedLoad {
  readonly history: Operation[] = [];
  /** Bookings acknowledged, by id. */
  readonly booked = new Set<string>();
  #running = true;
  #clients: Promise<void>[] = [];
  readonly #pending = new Map<string, { start: string; key: string; operation: Operation }>();

  /** Starts `clients` loops against any of the gateways. */
  constructor(options: {
    gatewayUrls: readonly string[];
    token: string;
    clients: number;
    seed: number;
    days: number;
    pauseMs: number;
  }) {
    for (let index = 0; index < options.clients; index += 1) {
      const random = seededRandom(options.seed + index);
      const client = (): ApiClient =>
        new ApiClient(options.gatewayUrls[Math.floor(random() * options.gatewayUrls.length)]!, options.token);
      this.#clients.push(this.#loop(index, client, random, options));
    }
  }

  async #loop(
    index: number,
    client: () => ApiClient,
    random: () => number,
    { days, pauseMs }: { days: number; pauseMs: number },
  ): Promise<void> {
    const own: string[] = [];
    for (let turn = 0; this.#running; turn += 1) {
      const start = startIn(30 + Math.floor(random() * days), Math.floor(random() * 24), Math.floor(random() * 4) * 15);
      const dice = random();
      if (own.length === 0 || dice < 0.6) {
        const id = await this.#book(client(), `c${index}-${turn}`, start);
        if (id) own.push(id);
      } else {
        const id = own[Math.floor(random() * own.length)]!;
        if (dice < 0.85) await this.#change(client(), 'reschedule', id, start);
        else {
          own.splice(own.indexOf(id), 1);
          await this.#change(client(), 'cancel', id);
        }
      }
      await delay(pauseMs * random() * 2);
    }
  }

  async #book(client: ApiClient, key: string, start: string): Promise<string | undefined> {
    const operation: Operation = {
      kind: 'book',
      outcome: 'unknown',
      key,
      start: Date.parse(start),
      end: Date.parse(start) + 1_800_000,
      invokedAt: performance.now(),
      completedAt: Number.POSITIVE_INFINITY,
    };
    this.history.push(operation);
    const answer = await client
      .book({ customer: { name: `Customer ${key}` }, start, durationMinutes: 30, notes: key }, { key, timeoutMs: 8000 })
      .catch(() => undefined);
    operation.completedAt = performance.now();
    if (!answer || unknown(answer.status) || answer.problem?.code === 'IDEMPOTENCY_KEY_IN_FLIGHT') {
      this.#pending.set(key, { start, key, operation });
      return undefined;
    }
    if (answer.status !== 201) {
      operation.outcome = 'fail';
      return undefined;
    }
    operation.outcome = 'ok';
    operation.appointmentId = answer.body.id;
    operation.version = answer.body.version;
    this.booked.add(answer.body.id);
    return answer.body.id;
  }

  async #change(client: ApiClient, kind: 'reschedule' | 'cancel', id: string, start?: string): Promise<void> {
    const operation: Operation = {
      kind,
      outcome: 'unknown',
      appointmentId: id,
      ...(start ? { start: Date.parse(start), end: Date.parse(start) + 1_800_000 } : {}),
      invokedAt: performance.now(),
      completedAt: Number.POSITIVE_INFINITY,
    };
    this.history.push(operation);
    const answer = await (start ? client.reschedule(id, { start }) : client.cancel(id)).catch(() => undefined);
    operation.completedAt = performance.now();
    if (!answer || unknown(answer.status)) return;
    operation.outcome = answer.status === 200 ? 'ok' : 'fail';
    if (answer.status === 200) operation.version = answer.body.version;
  }

  /** Ends the loops, then repeats every booking of unknown outcome with its key until it has exactly one answer (I4). */
  async finish(client: ApiClient): Promise<void> {
    this.#running = false;
    await Promise.all(this.#clients);
    for (const { start, key, operation } of this.#pending.values()) {
      for (let attempt = 0; ; attempt += 1) {
        const answer = await client
          .book({ customer: { name: `Customer ${key}` }, start, durationMinutes: 30, notes: key }, { key })
          .catch(() => undefined);
        if (
          answer &&
          (answer.status === 201 || (answer.status < 500 && answer.problem?.code !== 'IDEMPOTENCY_KEY_IN_FLIGHT'))
        ) {
          operation.outcome = answer.status === 201 ? 'ok' : 'fail';
          operation.completedAt = performance.now();
          if (answer.status === 201) {
            operation.appointmentId = answer.body.id;
            operation.version = answer.body.version;
          }
          break;
        }
        if (attempt > 40) throw new Error(`the booking ${key} never got an answer`);
        await delay(250);
      }
    }
  }
}

/** The final state for the checker. */
export async function readFinal(client: ApiClient): Promise<FinalAppointment[]> {
  return (await client.allAppointments()).map(({ id, status, start, end, version, notes }) => ({
    id,
    status,
    start: Date.parse(start),
    end: Date.parse(end),
    version,
    key: notes,
  }));
}
