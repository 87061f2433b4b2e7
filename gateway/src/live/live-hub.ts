import type { LiveHint } from './audience.ts';
import { formatPosition, parsePosition } from './position.ts';
import type { Position, StreamPlace } from './position.ts';

/** Which of the two streams a hint came by. */
export type StreamKey = keyof Position;

/** A hint with its place. */
export type LiveEntry = { id: string; stream: StreamKey; sequence: number; hint: LiveHint };

/** What a connected browser is told. */
export type LiveSubscriber = {
  onEntry(entry: LiveEntry): void;
  onDegraded(): void;
  /** The broker is back: what happened meanwhile is unknown. */
  onRestored(): void;
};

const ringSize = 1000;

/** What a returning browser must do: read everything again, or take these missed hints. */
export type Replay = { resync: true } | { resync: false; missed: LiveEntry[] };

/** The pod's memory of recent hints, and those who listen. It knows nothing of NATS and nothing of HTTP. */
export class LiveHub {
  readonly #subscribers = new Set<LiveSubscriber>();
  #ring: LiveEntry[] = [];
  #position: Position | undefined;
  /** The place the ring begins after; what is older cannot be replayed. */
  #floor: Position | undefined;
  #connected = false;

  /** Whether hints arrive now. */
  get connected(): boolean {
    return this.#connected;
  }

  /** The id of now; undefined while it is unknown. */
  get currentId(): string | undefined {
    return this.#position && formatPosition(this.#position);
  }

  /** Hints arrive from here on. Everybody reads everything again, since nobody knows what was missed. */
  start(position: Position): void {
    this.#ring = [];
    this.#position = structuredClone(position);
    this.#floor = structuredClone(position);
    this.#connected = true;
    for (const subscriber of this.#subscribers) subscriber.onRestored();
  }

  /** No hints arrive any more. */
  stop(): void {
    if (!this.#connected) return;
    this.#connected = false;
    for (const subscriber of this.#subscribers) subscriber.onDegraded();
  }

  /** A message arrived; without a hint only the place moves on. Old and repeated sequence numbers are ignored. */
  append(stream: StreamKey, sequence: number, hint: LiveHint | undefined): void {
    const place: StreamPlace | undefined = this.#position?.[stream];
    if (!this.#position || !place || sequence <= place.sequence) return;
    place.sequence = sequence;
    if (!hint) return;
    const entry = { id: formatPosition(this.#position), stream, sequence, hint };
    this.#ring.push(entry);
    if (this.#ring.length > ringSize) this.#forgetOldest();
    for (const subscriber of this.#subscribers) subscriber.onEntry(entry);
  }

  #forgetOldest(): void {
    const oldest = this.#ring.shift();
    if (oldest && this.#floor) this.#floor[oldest.stream].sequence = oldest.sequence;
  }

  /** What somebody missed who last saw `lastEventId`. */
  replayAfter(lastEventId: string): Replay {
    const seen = parsePosition(lastEventId);
    if (!seen || !this.#covers(seen)) return { resync: true };
    return { resync: false, missed: this.#ring.filter((entry) => entry.sequence > seen[entry.stream].sequence) };
  }

  #covers(seen: Position): boolean {
    const [floor, now] = [this.#floor, this.#position];
    if (!floor || !now || !this.#connected) return false;
    return (['scheduling', 'calendarSync'] as const).every(
      (stream) =>
        seen[stream].epoch === now[stream].epoch &&
        seen[stream].sequence >= floor[stream].sequence &&
        seen[stream].sequence <= now[stream].sequence,
    );
  }

  /** Adds a listener; answers the function that removes it. */
  subscribe(subscriber: LiveSubscriber): () => void {
    this.#subscribers.add(subscriber);
    return () => this.#subscribers.delete(subscriber);
  }
}
