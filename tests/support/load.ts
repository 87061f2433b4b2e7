import { setTimeout as delay } from 'node:timers/promises';
import type { BookAppointmentRequest } from '@daybook/http-contract/appointments';
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

/** Every customer's address ends like this, so that one that comes into a log is found. */
export const customersDomain = 'canary.example';

/** What a client books; the intent stands in the notes, so that the final list can be matched. */
export const bookingOf = (key: string, start: string): BookAppointmentRequest => ({
  customer: { name: `Customer ${key}`, email: `${key}@${customersDomain}` },
  start,
  durationMinutes: 30,
  notes: key,
});

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
    /** A function where the load may outlive one token. */
    token: string | (() => string);
    clients: number;
    seed: number;
    days: number;
    pauseMs: number;
    /** First day of the times fought for, from today; 30 unless told. */
    firstDay?: number;
    /** Begins every intent's name; one for each load against the same practice. */
    prefix?: string;
  }) {
    for (let index = 0; index < options.clients; index += 1) {
      const random = seededRandom(options.seed + index);
      const client = (): ApiClient =>
        new ApiClient(
          options.gatewayUrls[Math.floor(random() * options.gatewayUrls.length)]!,
          typeof options.token === 'string' ? options.token : options.token(),
        );
      this.#clients.push(this.#loop(index, client, random, options));
    }
  }

  async #loop(
    index: number,
    client: () => ApiClient,
    random: () => number,
    {
      days,
      pauseMs,
      firstDay = 30,
      prefix = '',
    }: { days: number; pauseMs: number; firstDay?: number; prefix?: string },
  ): Promise<void> {
    const own: string[] = [];
    for (let turn = 0; this.#running; turn += 1) {
      const start = startIn(
        firstDay + Math.floor(random() * days),
        Math.floor(random() * 24),
        Math.floor(random() * 4) * 15,
      );
      const dice = random();
      if (own.length === 0 || dice < 0.6) {
        const id = await this.#book(client(), `${prefix}c${index}-${turn}`, start);
        if (id) own.push(id);
      } else {
        const id = own[Math.floor(random() * own.length)]!;
        if (dice < 0.7) await this.#read(client(), id);
        else if (dice < 0.88) await this.#change(client(), 'reschedule', id, start);
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
    const answer = await client.book(bookingOf(key, start), { key, timeoutMs: 8000 }).catch(() => undefined);
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
    operation.heard = answer.body.notes;
    this.booked.add(answer.body.id);
    return answer.body.id;
  }

  async #read(client: ApiClient, id: string): Promise<void> {
    const invokedAt = performance.now();
    const answer = await client.appointment(id).catch(() => undefined);
    if (answer?.status !== 200) return;
    const { version, notes: heard } = answer.body;
    const completedAt = performance.now();
    this.history.push({ kind: 'read', outcome: 'ok', appointmentId: id, version, heard, invokedAt, completedAt });
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
        const answer = await client.book(bookingOf(key, start), { key }).catch(() => undefined);
        if (
          answer &&
          (answer.status === 201 || (answer.status < 500 && answer.problem?.code !== 'IDEMPOTENCY_KEY_IN_FLIGHT'))
        ) {
          operation.outcome = answer.status === 201 ? 'ok' : 'fail';
          operation.completedAt = performance.now();
          if (answer.status === 201) {
            operation.appointmentId = answer.body.id;
            operation.version = answer.body.version;
            operation.heard = answer.body.notes;
          }
          break;
        }
        if (attempt > 80) throw new Error(`the booking ${key} never got an answer`);
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
