import type { Request, RequestHandler, Response } from 'express';
import { DomainError } from '@daybook/runtime/errors';
import type { Lifecycle } from '@daybook/runtime/lifecycle';
import { gauge } from '@daybook/runtime/metrics';
import type { SignedIn } from '../session/signed-in.ts';
import { readRequest } from '../middleware/read-request.ts';
import { signedInUser } from '../routes/route-handlers.ts';
import type { RouteHandlers } from '../routes/route-handlers.ts';
import type { SessionWatch } from '../session/revocations.ts';
import { mayHear } from './audience.ts';
import type { LiveEntry, LiveHub } from './live-hub.ts';

/** What the live route needs. `heartbeatMs`: how often a comment keeps the line open and the session is looked at. */
export type LiveRouteOptions = {
  hub: LiveHub;
  sessions: SessionWatch;
  lifecycle: Lifecycle;
  heartbeatMs: number;
  connectionsPerSession: number;
};

/** A reader that lets this much pile up is gone or stuck; it is cut off and reads everything again when it returns. */
const largestBacklogBytes = 256 * 1024;
/** How long browsers wait before they return, spread so that a restart does not bring all at once. */
const shortestReturnMs = 1000;
const returnSpreadMs = 4000;

const openStreams = gauge({ name: 'daybook_gateway_live_streams', help: 'Open live streams' });

class LiveStream {
  readonly #response: Response;
  readonly #signedIn: SignedIn;
  readonly #options: LiveRouteOptions;
  readonly #cleanups: (() => void)[] = [];
  readonly onClosed: () => void;

  constructor(response: Response, signedIn: SignedIn, options: LiveRouteOptions, onClosed: () => void) {
    this.#response = response;
    this.#signedIn = signedIn;
    this.#options = options;
    this.onClosed = onClosed;
  }

  get sessionId(): string {
    return this.#signedIn.actor.sessionId;
  }

  open(lastEventId: string | undefined): void {
    const { hub, heartbeatMs } = this.#options;
    this.#writeHeaders();
    this.#greet(lastEventId);
    const heartbeat = setInterval(() => void this.#beat(), heartbeatMs);
    this.#cleanups.push(
      () => clearInterval(heartbeat),
      hub.subscribe({
        onEntry: (entry) => this.#sendEntry(entry),
        onDegraded: () => this.#sendEvent('degraded'),
        onRestored: () => {
          this.#sendEvent('restored');
          this.#sendEvent('resync', hub.currentId);
        },
      }),
    );
    this.#response.once('close', () => this.#close());
  }

  /** A planned end: the browser returns after a while of its own. */
  sayGoodbye(): void {
    this.#write(
      `retry: ${Math.round(shortestReturnMs + Math.random() * returnSpreadMs)}\nevent: goodbye\ndata: {}\n\n`,
    );
    this.end();
  }

  end(): void {
    this.#close();
    this.#response.end();
  }

  #writeHeaders(): void {
    this.#response.setHeader('Content-Type', 'text/event-stream; charset=utf-8');
    this.#response.setHeader('Cache-Control', 'no-store, no-transform');
    this.#response.setHeader('X-Accel-Buffering', 'no');
    this.#response.status(200).flushHeaders();
  }

  #greet(lastEventId: string | undefined): void {
    const { hub } = this.#options;
    if (!hub.connected) this.#sendEvent('degraded');
    const replay = lastEventId === undefined ? undefined : hub.replayAfter(lastEventId);
    if (replay?.resync === false) for (const entry of replay.missed) this.#sendEntry(entry);
    if (replay?.resync === true) this.#sendEvent('resync', hub.currentId);
    // An id alone is no event; it lets a browser that heard nothing yet return without reading everything again.
    else this.#write(hub.currentId === undefined ? ': welcome\n\n' : `id: ${hub.currentId}\n\n`);
  }

  #sendEntry(entry: LiveEntry): void {
    if (!mayHear(this.#signedIn.actor, entry.hint)) return;
    this.#write(`id: ${entry.id}\nevent: change\ndata: ${JSON.stringify(entry.hint.change)}\n\n`);
  }

  /** Without data a browser would drop the event, hence the empty object. */
  #sendEvent(name: string, id?: string): void {
    this.#write(`${id === undefined ? '' : `id: ${id}\n`}event: ${name}\ndata: {}\n\n`);
  }

  async #beat(): Promise<void> {
    this.#write(': still here\n\n');
    const { sessions } = this.#options;
    const { sessionId, tokenExpiresAt } = this.#signedIn.actor;
    try {
      // Once the access token has run out nothing but auth can tell whether the session behind it goes on.
      if (Date.now() >= tokenExpiresAt * 1000) await sessions.assertStillOpen(sessionId);
      else await sessions.assertActive(sessionId);
    } catch {
      this.end();
    }
  }

  #write(text: string): void {
    if (this.#response.writableEnded || this.#response.destroyed) return;
    if (this.#response.writableLength > largestBacklogBytes) this.#response.destroy();
    else this.#response.write(text);
  }

  #close(): void {
    for (const cleanup of this.#cleanups.splice(0)) cleanup();
    this.onClosed();
  }
}

/** The pod's open streams, counted by session. */
class StreamRegister {
  readonly #streams = new Set<LiveStream>();

  add(stream: LiveStream): void {
    this.#streams.add(stream);
    openStreams.set(this.#streams.size);
  }

  remove(stream: LiveStream): void {
    this.#streams.delete(stream);
    openStreams.set(this.#streams.size);
  }

  ofSession(sessionId: string): LiveStream[] {
    return [...this.#streams].filter((stream) => stream.sessionId === sessionId);
  }

  all(): LiveStream[] {
    return [...this.#streams];
  }
}

function openStream(request: Request, response: Response, options: LiveRouteOptions, register: StreamRegister): void {
  const signedIn = signedInUser(response);
  if (register.ofSession(signedIn.actor.sessionId).length >= options.connectionsPerSession) {
    throw new DomainError('throttled', 'TOO_MANY_REQUESTS', 'This session has enough live streams open.', {
      context: { retryAfterSeconds: 5 },
    });
  }
  const lastEventId = request.headers['last-event-id'];
  const stream: LiveStream = new LiveStream(response, signedIn, options, () => register.remove(stream));
  register.add(stream);
  stream.open(typeof lastEventId === 'string' && lastEventId !== '' ? lastEventId : undefined);
}

/** GET /api/live. Streams end at once with their session, and with a goodbye when the process goes down. */
export function liveHandlers(options: LiveRouteOptions): RouteHandlers {
  const register = new StreamRegister();
  const { sessions, lifecycle } = options;
  sessions.onRevoked((sessionId) => register.ofSession(sessionId).forEach((stream) => stream.end()));
  lifecycle.onShutdown('intake', 'live streams', async () => register.all().forEach((stream) => stream.sayGoodbye()));
  const handler: RequestHandler = (request, response) => {
    readRequest(request, {});
    if (lifecycle.draining) throw new DomainError('unavailable', 'DRAINING', 'This server is going down.');
    // HEAD asks for the headers only; a stream would never end.
    if (request.method === 'HEAD') response.status(200).type('text/event-stream').end();
    else openStream(request, response, options, register);
  };
  return { streamLiveChanges: [handler] };
}
