import type { LiveEnvironment } from '../lib/live-updates.ts';

type Handler = (event: { data: string }) => void;

/** An EventSource a test speaks through. */
export class FakeSource {
  onopen: (() => void) | null = null;
  onerror: (() => void) | null = null;
  closed = false;
  readonly #handlers = new Map<string, Handler[]>();

  addEventListener(name: string, handler: Handler) {
    this.#handlers.set(name, [...(this.#handlers.get(name) ?? []), handler]);
  }
  close() {
    this.closed = true;
  }
  /** The connection stands. */
  open() {
    this.onopen?.();
  }
  /** The connection broke. */
  fail() {
    this.onerror?.();
  }
  /** The gateway says something. */
  send(name: string, data: string) {
    for (const handler of this.#handlers.get(name) ?? []) handler({ data });
  }
}

/** The browser's parts of live updates; `shared` gives the tabs one lock and one channel, as tabs of one browser have. */
export function makeLiveEnvironment(options: { shared?: boolean } = {}) {
  const sources: FakeSource[] = [];
  const beforeReconnect = jest.fn(() => Promise.resolve());
  const environment: LiveEnvironment = {
    openSource: () => {
      const source = new FakeSource();
      sources.push(source);
      return source as unknown as EventSource;
    },
    openChannel: options.shared === true ? makeChannels() : () => undefined,
    locks: options.shared === true ? makeLocks() : undefined,
    beforeReconnect,
  };
  return { environment, sources };
}

function makeChannels(): LiveEnvironment['openChannel'] {
  type Channel = {
    onmessage: ((event: { data: unknown }) => void) | null;
    postMessage(data: unknown): void;
    close(): void;
  };
  const channels = new Set<Channel>();
  return () => {
    const channel: Channel = {
      onmessage: null,
      postMessage: (data) => {
        for (const other of channels) if (other !== channel) other.onmessage?.({ data });
      },
      close: () => channels.delete(channel),
    };
    channels.add(channel);
    return channel as unknown as BroadcastChannel;
  };
}

/** One lock: whoever asks first holds it until its work is done. */
function makeLocks(): LockManager {
  let last: Promise<unknown> = Promise.resolve();
  const request = (_name: string, _options: LockOptions, work: () => Promise<unknown>) => {
    const turn = last.then(work);
    last = turn.catch(() => undefined);
    return turn;
  };
  return { request } as unknown as LockManager;
}
