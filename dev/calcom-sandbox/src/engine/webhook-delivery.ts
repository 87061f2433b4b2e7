import { createHmac } from 'node:crypto';
import type { World } from './store.ts';
import type { Webhook } from './types.ts';
import type { WebhookEvent } from './webhook-events.ts';

const ATTEMPT_TIMEOUT_MS = 10_000;
const REORDER_HOLD_MS = 1000;
const LOG_LENGTH = 200;

/** What became of one delivery; `at` is UTC ISO 8601. `outcome` is an HTTP status or why there is none. */
export type Delivery = { at: string; webhookId: string; trigger: string; outcome: number | string };

/** Sends events to their subscribers, as faithfully or badly as the settings say. */
export type WebhookSender = {
  /** Resolves when every immediate delivery has been answered or has failed; never rejects. */
  send(events: WebhookEvent[]): Promise<void>;
  readonly log: Delivery[];
  stop(): void;
};

/** The signature header's value: lowercase hex HMAC-SHA256 over the exact bytes, or a fixed text without a secret. */
export function signBody(secret: string | null, body: string): string {
  if (secret === null || secret === '') return 'no-secret-provided';
  return createHmac('sha256', secret).update(body, 'utf8').digest('hex');
}

function lookUp(value: unknown, path: string): unknown {
  return path
    .split('.')
    .reduce<unknown>((current, key) => (current as Record<string, unknown> | null | undefined)?.[key], value);
}

/** The body of a delivery: the standard document, or the subscription's template filled in. */
export function renderBody(webhook: Webhook, event: WebhookEvent): { body: string; contentType: string } {
  const { trigger: triggerEvent, createdAt, payload } = event;
  if (webhook.payloadTemplate === null || webhook.payloadTemplate === '') {
    return { body: JSON.stringify({ triggerEvent, createdAt, payload }), contentType: 'application/json' };
  }
  const flat = { ...payload, triggerEvent, createdAt };
  const body = webhook.payloadTemplate.replace(/\{\{\s*([\w.]+)\s*\}\}/g, (_all, path: string) => {
    const value = lookUp(flat, path);
    return typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean' ? String(value) : '';
  });
  try {
    JSON.parse(body);
    return { body, contentType: 'application/json' };
  } catch {
    return { body, contentType: 'application/x-www-form-urlencoded' };
  }
}

async function post(webhook: Webhook, event: WebhookEvent, signal: AbortSignal): Promise<number | string> {
  const { body, contentType } = renderBody(webhook, event);
  const headers = {
    'content-type': contentType,
    'x-cal-webhook-version': webhook.version,
    'x-cal-signature-256': signBody(webhook.secret, body),
  };
  const limit = AbortSignal.any([signal, AbortSignal.timeout(ATTEMPT_TIMEOUT_MS)]);
  try {
    const answer = await fetch(webhook.subscriberUrl, {
      method: 'POST',
      headers,
      body,
      redirect: 'manual',
      signal: limit,
    });
    await answer.body?.cancel();
    return answer.status;
  } catch (error) {
    return error instanceof Error ? error.name : 'failed';
  }
}

/** Makes the sender; `random` gives fractions in [0, 1) for the drop and duplicate knobs. */
export function createWebhookSender(world: World, random: () => number): WebhookSender {
  const log: Delivery[] = [];
  const stopping = new AbortController();
  const timers = new Set<NodeJS.Timeout>();
  let held: (() => Promise<void>) | null = null;

  const record = (webhook: Webhook, event: WebhookEvent, outcome: number | string): void => {
    log.push({ at: world.now().toISOString(), webhookId: webhook.id, trigger: event.trigger, outcome });
    if (log.length > LOG_LENGTH) log.shift();
  };
  const later = (delayMs: number, run: () => Promise<void>): void => {
    const timer = setTimeout(() => {
      timers.delete(timer);
      void run();
    }, delayMs);
    timers.add(timer);
  };
  const releaseHeld = async (): Promise<void> => {
    const waiting = held;
    held = null;
    await waiting?.();
  };
  const attempt = (webhook: Webhook, event: WebhookEvent): (() => Promise<void>) => {
    return async () => record(webhook, event, await post(webhook, event, stopping.signal));
  };
  const dispatch = async (webhook: Webhook, event: WebhookEvent): Promise<void> => {
    const knobs = world.settings.webhooks;
    if (random() < knobs.drop) return record(webhook, event, 'dropped');
    const run = attempt(webhook, event);
    const copies = random() < knobs.duplicate ? 2 : 1;
    if (knobs.reorder && held === null) {
      held = run;
      later(REORDER_HOLD_MS, releaseHeld);
      return;
    }
    if (knobs.delayMs > 0) {
      for (let i = 0; i < copies; i += 1) later(knobs.delayMs, run);
      return;
    }
    for (let i = 0; i < copies; i += 1) await run();
    await releaseHeld();
  };

  return {
    log,
    send: async (events) => {
      const pairs = events.flatMap((event) =>
        world.state.webhooks
          .filter(
            (webhook) => webhook.active && webhook.userId === event.hostId && webhook.triggers.includes(event.trigger),
          )
          .map((webhook) => ({ webhook, event })),
      );
      await Promise.all(pairs.map(({ webhook, event }) => dispatch(webhook, event)));
    },
    stop: () => {
      stopping.abort();
      for (const timer of timers) clearTimeout(timer);
      timers.clear();
    },
  };
}
