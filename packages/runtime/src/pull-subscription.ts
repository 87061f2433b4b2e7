import { setImmediate as nextTurn } from 'node:timers/promises';
import { createInbox, nanos } from 'nats';
import type { Msg, MsgHdrs, NatsConnection, NatsError, Subscription } from 'nats';

/** A message of a durable consumer. Settle it once: ack, nak or term. */
export class Delivery {
  readonly #message: Msg;
  #settled = false;
  readonly stream: string;
  readonly consumer: string;
  readonly streamSequence: number;
  /** How often it was delivered, this time included. */
  readonly deliveryCount: number;

  constructor(message: Msg) {
    this.#message = message;
    // $JS.ACK.<stream>.<consumer>.<deliveries>.<sequence>..., newer brokers put domain and account in front.
    const tokens = (message.reply ?? '').split('.');
    const [stream = '', consumer = '', deliveries, sequence] = tokens.slice(tokens.length === 9 ? 2 : 4);
    this.stream = stream;
    this.consumer = consumer;
    this.deliveryCount = Number(deliveries);
    this.streamSequence = Number(sequence);
  }

  get subject(): string {
    return this.#message.subject;
  }

  get data(): Uint8Array {
    return this.#message.data;
  }

  get headers(): MsgHdrs | undefined {
    return this.#message.headers;
  }

  /** It took effect. */
  ack(): void {
    this.#settle('+ACK');
  }

  /** Deliver it again after so many milliseconds. */
  nak(milliseconds: number): void {
    this.#settle(`-NAK ${JSON.stringify({ delay: nanos(milliseconds) })}`);
  }

  /** Never deliver it again. */
  term(reason: string): void {
    this.#settle(`+TERM ${reason}`);
  }

  /** It is still waiting here for its turn: the broker's patience begins anew. Nothing once it is settled. */
  keep(): void {
    if (!this.#settled) this.#message.respond('+WPI');
  }

  #settle(answer: string): void {
    this.#settled = true;
    this.#message.respond(answer);
  }
}

/** How much longer than the broker's own limit a pull may stay without its end, ms. */
const lateMs = 500;
/** Pulls in a row of which nothing was heard, after which consumer and stream are looked after. */
const mostSilent = 3;
/** What could not be handled is to be delivered again after so long, ms. */
const givenBackMs = 50;

/**
 * Asks for messages again and again over one subscription that outlives each pull. The library ends its subscription with
 * the pull, by a timer: a process that is held up for a moment lets it fire before it reads what lies in its socket, and
 * the broker waits in vain for the acknowledgement of a message that was thrown away.
 */
export class PullSubscription {
  readonly #connection: NatsConnection;
  readonly #next: string;
  readonly #inbox: string;
  readonly #subscription: Subscription;
  readonly #queue: Delivery[] = [];
  readonly #keeping: NodeJS.Timeout;
  #inHand: Delivery | undefined;
  #pulls = 0;
  /** Messages that the pull under way may still bring; 0: it is over. */
  #left = 0;
  #silent = 0;
  #fault: Error | undefined;
  #wake: () => void = () => undefined;

  /**
   * @param options.inboxPrefix where the broker lets this user listen
   * @param options.patienceMs the broker's with what waits here for its turn; it is renewed in time
   */
  constructor(
    connection: NatsConnection,
    options: { stream: string; durable: string; inboxPrefix: string; patienceMs: number },
  ) {
    this.#connection = connection;
    this.#next = `$JS.API.CONSUMER.MSG.NEXT.${options.stream}.${options.durable}`;
    this.#inbox = createInbox(options.inboxPrefix);
    this.#subscription = connection.subscribe(`${this.#inbox}.*`, {
      callback: (error, message) => this.#take(error, message),
    });
    this.#keeping = setInterval(() => this.#keepAll(), options.patienceMs / 4);
  }

  /**
   * One pull: gives what comes until the broker says that it is over, or until so many messages came. What is late for one
   * pull is given by the next.
   * @throws when consumer or stream is gone, or when nothing was heard of several pulls
   */
  async *pull(batch: number, expiresMs: number): AsyncGenerator<Delivery, void> {
    this.#pulls += 1;
    this.#left = batch;
    const request = JSON.stringify({ batch, expires: nanos(expiresMs) });
    this.#connection.publish(this.#next, request, { reply: `${this.#inbox}.${this.#pulls}` });
    const end = performance.now() + expiresMs + lateMs;
    for (;;) {
      const delivery = this.#queue.shift();
      this.#inHand = delivery;
      if (delivery) yield delivery;
      else if (this.#fault) throw this.#fault;
      else if (this.#left <= 0) return;
      else if (performance.now() < end) await this.#arrival(end - performance.now());
      else return this.#noteSilence();
    }
  }

  /** Listens no longer; what was not handled is given back. */
  close(): void {
    clearInterval(this.#keeping);
    this.#subscription.unsubscribe();
    for (const delivery of this.#queue.splice(0)) delivery.nak(givenBackMs);
  }

  /** A connection that is gone has nobody to tell. */
  #keepAll(): void {
    if (this.#connection.isClosed()) return;
    this.#inHand?.keep();
    for (const delivery of this.#queue) delivery.keep();
  }

  #take(error: NatsError | null, message: Msg): void {
    this.#silent = 0;
    if (error) this.#fault = error;
    else if (message.subject.startsWith(this.#inbox)) this.#takeStatus(message);
    else {
      this.#queue.push(new Delivery(message));
      this.#left -= 1;
    }
    this.#wake();
  }

  #takeStatus({ subject, headers }: Msg): void {
    const code = headers?.code ?? 0;
    const description = headers?.description ?? '';
    const isOver = code === 404 || code === 408;
    if (!isOver) this.#fault = new Error(`the broker ended a pull: ${code} ${description}`);
    else if (subject === `${this.#inbox}.${this.#pulls}`) this.#left = 0;
  }

  /** Waits until something came or the time is over; then the socket is read once more before that is believed. */
  #arrival(milliseconds: number): Promise<void> {
    return new Promise((resolve) => {
      const timer = setTimeout(() => void nextTurn().then(() => resolve()), milliseconds);
      this.#wake = () => {
        clearTimeout(timer);
        resolve();
      };
    });
  }

  #noteSilence(): void {
    this.#silent += 1;
    if (this.#silent >= mostSilent) throw new Error(`the broker answered none of ${mostSilent} pulls`);
  }
}
