import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import express from 'express';
import type { Request, RequestHandler, Response } from 'express';
import type { FaultBook, FaultRule } from '../admin/faults.ts';
import type { LoggedRequest, RequestLog } from '../admin/request-log.ts';
import type { World } from '../engine/store.ts';
import type { WebhookSender } from '../engine/webhook-delivery.ts';
import { authenticate, bearerOf } from './auth.ts';
import { ApiFailure, nestFailure, renderFailure, throttledFailure } from './errors.ts';
import type { createRateLimiter } from './rate-limit.ts';
import { rateHeaders } from './rate-limit.ts';
import { bodyObject } from './request.ts';
import type { ApiOutcome } from './request.ts';
import { findRoute } from './routes.ts';
import type { ApiRoute } from './routes.ts';
import { isRecord } from './validation.ts';
import { cannotFailure, refuseLegacy, selectsCurrent, toLegacyShape } from './versions.ts';

/** What the dispatcher works with. */
export type Deps = {
  world: World;
  faults: FaultBook;
  log: RequestLog;
  sender: WebhookSender;
  limiter: ReturnType<typeof createRateLimiter>;
};

type Answer = { status: number; body: unknown; afterwards?: () => void };
type Located = { route: ApiRoute; params: Record<string, string> } | null;

const parseJson = express.json({ limit: '1mb', strict: false });

function readBody(req: Request, res: Response): Promise<void> {
  return new Promise((resolve, reject) => {
    parseJson(req, res, (error?: unknown) => {
      if (error === undefined || error === null) return resolve();
      const status = (error as { status?: number }).status === 413 ? 413 : 400;
      const message = error instanceof Error ? error.message : 'unreadable body';
      reject(nestFailure(status, message));
    });
  });
}

function checkRate(deps: Deps, req: Request, res: Response): void {
  const { world, limiter } = deps;
  const caller = bearerOf(req.headers) ?? `ip:${req.socket.remoteAddress ?? ''}`;
  const verdict = limiter.check(caller, world.settings.rateLimitPerMinute, world.now().getTime());
  res.set(rateHeaders(verdict, world.settings.rateLimitName));
  if (!verdict.allowed) throw throttledFailure();
}

/** Commits an outcome and sends its webhooks in the set order; `afterwards` is to be called once the answer is out. */
export async function settleOutcome(
  deps: Pick<Deps, 'world' | 'sender'>,
  outcome: ApiOutcome,
): Promise<{ body: Record<string, unknown>; afterwards?: () => void }> {
  const { timing } = deps.world.settings.webhooks;
  const events = outcome.events ?? [];
  if (timing === 'before_commit') await deps.sender.send(events);
  const body = outcome.commit();
  if (timing === 'before_reply') await deps.sender.send(events);
  return timing === 'after_reply' ? { body, afterwards: () => void deps.sender.send(events) } : { body };
}

async function answer(deps: Deps, req: Request, res: Response, located: Located): Promise<Answer> {
  const { world } = deps;
  if (located === null) throw cannotFailure(req.method, req.originalUrl);
  const { route, params } = located;
  const version = req.get('cal-api-version') ?? '';
  const current = selectsCurrent(route.resource, route.operation, version, world.settings.profile);
  await readBody(req, res);
  if (!current && route.operation !== 'createBooking') refuseLegacy(route.operation, req.method, req.originalUrl);
  checkRate(deps, req, res);
  const caller = authenticate(world, req.headers, route.auth);
  if (!current) refuseLegacy(route.operation, req.method, req.originalUrl);
  const query = new URL(req.originalUrl, 'http://sandbox').searchParams;
  const body = bodyObject(req.body);
  const outcome = route.handle({ world, params, query, body, caller, version, now: world.now() });
  const settled = await settleOutcome(deps, outcome);
  return {
    status: outcome.status,
    body: current ? settled.body : toLegacyShape(route.resource, route.operation, settled.body),
    ...(settled.afterwards === undefined ? {} : { afterwards: settled.afterwards }),
  };
}

function failureAnswer(deps: Deps, req: Request, error: unknown): Answer {
  if (error instanceof ApiFailure) {
    const path = req.originalUrl;
    return { status: error.status, body: renderFailure(error, path, deps.world.now()) };
  }
  // A fault of the sandbox itself must be seen by its developer; the caller gets what the service would send.
  process.stderr.write(
    `calcom-sandbox: ${error instanceof Error ? (error.stack ?? error.message) : 'unknown error'}\n`,
  );
  return { status: 500, body: { statusCode: 500, message: 'Internal server error' } };
}

function withoutRescheduledTo(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(withoutRescheduledTo);
  if (!isRecord(value)) return value;
  const entries = Object.entries(value).filter(([key]) => key !== 'rescheduledToUid');
  return Object.fromEntries(entries.map(([key, item]) => [key, withoutRescheduledTo(item)]));
}

function statusAnswer(deps: Deps, req: Request, rule: FaultRule): Answer {
  const status = rule.status ?? 500;
  if (rule.body !== undefined) return { status, body: rule.body };
  if (status === 429) return failureAnswer(deps, req, throttledFailure());
  if (status >= 500) return { status, body: { statusCode: status, message: 'Internal server error' } };
  return failureAnswer(deps, req, nestFailure(status, 'Refused by a fault rule of the sandbox'));
}

/** The answer that a rule gives instead of the handler; null when the handler is to run. */
function earlyAnswer(deps: Deps, req: Request, res: Response, rule: FaultRule): Answer | null {
  if (rule.kind === 'status') return statusAnswer(deps, req, rule);
  if (rule.kind === 'unauthorized') {
    return failureAnswer(deps, req, nestFailure(401, 'ApiAuthStrategy - api key - Your api key is not valid'));
  }
  if (rule.kind !== 'rate_limit') return null;
  const limit = deps.world.settings.rateLimitPerMinute;
  res.set(rateHeaders({ allowed: false, limit, remaining: 0, resetSeconds: 60 }, deps.world.settings.rateLimitName));
  return failureAnswer(deps, req, throttledFailure());
}

function sendAnswer(res: Response, entry: LoggedRequest, made: Answer, rule: FaultRule | null): void {
  if (res.destroyed) return;
  entry.status = made.status;
  if (rule?.headers !== undefined) res.set(rule.headers);
  res.status(made.status).json(made.body);
  made.afterwards?.();
}

async function run(deps: Deps, req: Request, res: Response, located: Located, entry: LoggedRequest): Promise<void> {
  const path = req.originalUrl.split('?')[0] ?? '';
  const chosen = deps.faults.choose({ method: req.method, path, operation: located?.route.operation ?? null });
  const { rule } = chosen;
  entry.fault = rule?.kind ?? (chosen.latencyMs > 0 ? 'latency' : null);
  if (chosen.latencyMs > 0) await sleep(chosen.latencyMs, undefined, { ref: false });
  if (rule?.kind === 'drop') return void req.socket.destroy();
  if (rule?.kind === 'hang') return;
  if (rule?.kind === 'garbage') {
    entry.status = rule.status ?? 200;
    const text = typeof rule.body === 'string' ? rule.body : '<html><body>Bad gateway</body>';
    res
      .set({ 'content-type': 'text/html', ...rule.headers })
      .status(entry.status)
      .send(text);
    return;
  }
  const early = rule === null ? null : earlyAnswer(deps, req, res, rule);
  if (early !== null) return sendAnswer(res, entry, early, rule);
  const made = await answer(deps, req, res, located).catch((error: unknown) => failureAnswer(deps, req, error));
  if (rule?.kind === 'commit_then_drop') return void req.socket.destroy();
  if (rule?.kind === 'commit_then_hang') return;
  if (rule?.kind === 'commit_then_status') return sendAnswer(res, entry, statusAnswer(deps, req, rule), rule);
  if (rule?.kind === 'stale_rescheduled_to') {
    return sendAnswer(res, entry, { ...made, body: withoutRescheduledTo(made.body) }, rule);
  }
  sendAnswer(res, entry, made, rule);
}

/** Answers every request below `/v2`: log, fault rules, routing, rate limit, authentication, handler. */
export function createDispatcher(deps: Deps): RequestHandler {
  return async (req, res) => {
    const located = findRoute(req.method, req.path);
    const requestId = randomUUID();
    res.set('X-Request-Id', requestId);
    const [path = '', query = ''] = req.originalUrl.split('?');
    const entry = deps.log.add({
      at: deps.world.now().toISOString(),
      method: req.method,
      path,
      query,
      version: req.get('cal-api-version') ?? null,
      operation: located?.route.operation ?? null,
      requestId,
    });
    await run(deps, req, res, located, entry);
  };
}
