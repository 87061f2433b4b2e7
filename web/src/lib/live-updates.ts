import type { LiveChange } from '@daybook/http-contract/live';
import { staleAfter } from './query-keys.ts';

/** `open`: changes arrive at once. `connecting`: not yet. `away`: they do not; the app reads again every 15 seconds. */
export type LiveState = 'connecting' | 'open' | 'away';

/** What a tab is told. */
export type LiveListener = {
  onChange: (change: LiveChange) => void;
  /** Anything may have changed: read everything again. */
  onResync: () => void;
  onState: (state: LiveState) => void;
};

type Message =
  { type: 'change'; change: LiveChange } | { type: 'resync' } | { type: 'state'; state: LiveState } | { type: 'hello' };

/** The parts of a browser this needs; tests give their own. */
export type LiveEnvironment = {
  openSource(): EventSource;
  openChannel(): BroadcastChannel | undefined;
  locks: LockManager | undefined;
  /** Called before a refused stream is opened again; renews the session if that is the reason. */
  beforeReconnect(): Promise<unknown>;
};

const channelName = 'daybook-live';
const lockName = 'daybook-live-leader';
const firstRetryMs = 1_000;
const longestRetryMs = 15_000;

/** The browser's own parts. */
export function browserEnvironment(beforeReconnect: () => Promise<unknown>): LiveEnvironment {
  return {
    openSource: () => new EventSource('/api/live'),
    openChannel: () => (typeof BroadcastChannel === 'undefined' ? undefined : new BroadcastChannel(channelName)),
    locks: (navigator as { locks?: LockManager }).locks,
    beforeReconnect,
  };
}

/**
 * Follows GET /api/live. One tab of the browser, the one that holds the lock, keeps the only connection and passes what it hears
 * to the others; when it closes, another takes over. Where there are no locks each tab keeps its own connection.
 * Answers the function that stops it.
 */
export function followLiveUpdates(listener: LiveListener, environment: LiveEnvironment): () => void {
  const channel = environment.openChannel();
  const stopping = new AbortController();
  let state: LiveState = 'connecting';
  let leading = false;

  const deliver = (message: Message) => {
    if (message.type === 'change') listener.onChange(message.change);
    if (message.type === 'resync') listener.onResync();
    if (message.type === 'state' && message.state !== state) {
      state = message.state;
      listener.onState(state);
    }
  };
  const publish = (message: Message) => {
    deliver(message);
    channel?.postMessage(message);
  };
  if (channel !== undefined) {
    channel.onmessage = (event: MessageEvent<Message>) => {
      if (event.data.type !== 'hello') deliver(event.data);
      else if (leading) channel.postMessage({ type: 'state', state } satisfies Message);
    };
    channel.postMessage({ type: 'hello' } satisfies Message);
  }

  const lead = () => {
    leading = true;
    return keepStream(publish, environment, stopping.signal);
  };
  if (environment.locks === undefined) void lead();
  else environment.locks.request(lockName, { signal: stopping.signal }, lead).catch(() => undefined);

  return () => {
    stopping.abort();
    channel?.close();
  };
}

/** Keeps one stream open until stopped; settles then, which gives the lock back. */
function keepStream(
  publish: (message: Message) => void,
  environment: LiveEnvironment,
  signal: AbortSignal,
): Promise<void> {
  return new Promise((resolve) => {
    let source: EventSource | undefined;
    let timer: ReturnType<typeof setTimeout> | undefined;
    let retryMs = firstRetryMs;
    let openedBefore = false;

    const reopenLater = (delay: number) => {
      source?.close();
      clearTimeout(timer);
      // Jitter: after a restart of the gateway all browsers would come back in the same instant.
      timer = setTimeout(
        () =>
          void environment
            .beforeReconnect()
            .catch(() => undefined)
            .then(open),
        delay * (0.5 + Math.random()),
      );
    };
    const open = () => {
      if (signal.aborted) return;
      source = environment.openSource();
      source.onopen = () => {
        retryMs = firstRetryMs;
        publish({ type: 'state', state: 'open' });
        // What happened while nobody listened is unknown.
        if (openedBefore) publish({ type: 'resync' });
        openedBefore = true;
      };
      source.onerror = () => {
        publish({ type: 'state', state: 'away' });
        reopenLater(retryMs);
        retryMs = Math.min(retryMs * 2, longestRetryMs);
      };
      source.addEventListener('change', (event) => {
        const change = readChange(event.data);
        publish(change === undefined ? { type: 'resync' } : { type: 'change', change });
      });
      source.addEventListener('resync', () => publish({ type: 'resync' }));
      source.addEventListener('degraded', () => publish({ type: 'state', state: 'away' }));
      source.addEventListener('restored', () => publish({ type: 'state', state: 'open' }));
      source.addEventListener('goodbye', () => reopenLater(firstRetryMs));
    };
    signal.addEventListener('abort', () => {
      clearTimeout(timer);
      source?.close();
      resolve();
    });
    open();
  });
}

/** A hint; undefined when it cannot be read, as from a newer server. */
function readChange(data: unknown): LiveChange | undefined {
  try {
    const change = JSON.parse(String(data)) as LiveChange;
    return Object.hasOwn(staleAfter, change.kind) ? change : undefined;
  } catch {
    return undefined;
  }
}
