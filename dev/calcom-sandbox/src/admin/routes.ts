import express from 'express';
import type { Request, RequestHandler, Response, Router } from 'express';
import { payBooking } from '../api/payments.ts';
import { findBooking, presentBooking } from '../engine/bookings.ts';
import { addAccount } from '../engine/seed.ts';
import type { ApiKey, Settings } from '../engine/types.ts';
import { settleOutcome } from '../http/dispatch.ts';
import type { Deps } from '../http/dispatch.ts';
import { requestFor } from '../http/request.ts';
import { isRecord, isZoneName, parseIso } from '../http/validation.ts';
import { readFaultRules } from './faults.ts';

const TIMINGS = ['before_commit', 'before_reply', 'after_reply'];

/** Only this machine may use the knobs, and no page of another origin may do it through a browser. */
const guard: RequestHandler = (req, res, next) => {
  const address = (req.socket.remoteAddress ?? '').replace('::ffff:', '');
  const local = address === '::1' || address.startsWith('127.');
  const origin = req.get('origin');
  const foreign = origin !== undefined && origin !== `http://${req.get('host') ?? ''}`;
  if (!local || foreign) {
    res.status(403).json({ error: 'the admin endpoints answer to this machine only' });
    return;
  }
  next();
};

/** The whole of the sandbox's memory, for tests and for the curious; key values are not in it. */
export function describeState(deps: Deps): Record<string, unknown> {
  const { world, faults, log, sender } = deps;
  const { state, settings } = world;
  return {
    now: world.now().toISOString(),
    settings: {
      ...settings,
      apiKeys: settings.apiKeys.map(({ userId, expiresAt }) => ({ userId, expiresAt: expiresAt ?? null })),
    },
    users: state.users,
    schedules: state.schedules,
    eventTypes: state.eventTypes,
    bookings: state.bookings.map((booking) => ({ ...presentBooking(state, booking), uniqueKey: booking.uniqueKey })),
    reservations: state.reservations,
    webhooks: state.webhooks.map((webhook) => ({ ...webhook, secret: webhook.secret === null ? null : 'set' })),
    deliveries: sender.log,
    requests: log.counters(),
    faults: faults.list(),
  };
}

function readKeys(deps: Deps, value: unknown): ApiKey[] {
  if (!Array.isArray(value)) throw new Error('apiKeys must be a list');
  return value.map((item: unknown, index) => {
    if (!isRecord(item) || typeof item['key'] !== 'string' || item['key'] === '') {
      throw new Error(`apiKeys[${index}].key must be a string`);
    }
    const expiresAt = item['expiresAt'];
    if (expiresAt !== undefined && parseIso(expiresAt) === null)
      throw new Error(`apiKeys[${index}].expiresAt must be ISO 8601`);
    const base = { key: item['key'], userId: readUser(deps, item['username']) };
    return typeof expiresAt === 'string' ? { ...base, expiresAt } : base;
  });
}

/** The user a key belongs to: the seeded one, or the named one, who is made when he is new. */
function readUser(deps: Deps, username: unknown): number {
  const { state } = deps.world;
  const [first] = state.users;
  if (typeof username !== 'string') return first?.id ?? 0;
  const known = state.users.find((user) => user.username === username);
  if (known !== undefined) return known.id;
  const timeZone = first?.timeZone ?? 'UTC';
  const made = addAccount(state, { username, email: `${username}@sandbox.example`, name: username, timeZone });
  deps.world.touch();
  return made.id;
}

function applyWebhookSettings(settings: Settings, value: unknown): void {
  if (!isRecord(value)) throw new Error('webhooks must be an object');
  for (const [key, given] of Object.entries(value)) {
    if (key === 'timing' && TIMINGS.includes(String(given))) Object.assign(settings.webhooks, { timing: given });
    else if (key === 'reorder' && typeof given === 'boolean') settings.webhooks.reorder = given;
    else if ((key === 'drop' || key === 'duplicate' || key === 'delayMs') && typeof given === 'number' && given >= 0) {
      settings.webhooks[key] = given;
    } else throw new Error(`webhooks.${key} is not a known setting with a fitting value`);
  }
}

function applySettings(deps: Deps, body: unknown): void {
  if (!isRecord(body)) throw new Error('the body must be a JSON object');
  const { settings, state } = deps.world;
  for (const [key, value] of Object.entries(body)) {
    if (key === 'rateLimitPerMinute' && typeof value === 'number' && value >= 1) {
      settings.rateLimitPerMinute = value;
      deps.limiter.reset();
    } else if (key === 'profile' && (value === 'diy' || value === 'hosted')) settings.profile = value;
    else if (key === 'apiKeys') settings.apiKeys = readKeys(deps, value);
    else if (key === 'webhooks') applyWebhookSettings(settings, value);
    else if (key === 'movesKeepLength' && typeof value === 'boolean') settings.movesKeepLength = value;
    else if (key === 'rateLimitName' && typeof value === 'string' && /^[A-Za-z]+$/.test(value)) {
      settings.rateLimitName = value;
    } else if (key === 'blockedAttendees' && Array.isArray(value) && value.every((one) => typeof one === 'string')) {
      settings.blockedAttendees = value;
    } else if (key === 'prices' && isRecord(value)) applyPrices(deps, value);
    else if (key === 'now' && (value === null || parseIso(value) !== null)) {
      settings.frozenAt = value === null ? null : new Date(parseIso(value) ?? 0).toISOString();
    } else if (key === 'timeZone' && isZoneName(value) && state.users[0] !== undefined) {
      state.users[0].timeZone = value;
      deps.world.touch();
    } else throw new Error(`${key} is not a known setting with a fitting value`);
  }
}

/** Prices of event types by slug, which the API cannot set; 0 makes one free. */
function applyPrices(deps: Deps, prices: Record<string, unknown>): void {
  for (const [slug, price] of Object.entries(prices)) {
    const eventType = deps.world.state.eventTypes.find((candidate) => candidate.slug === slug);
    if (eventType === undefined || typeof price !== 'number' || !(price >= 0)) {
      throw new Error(`prices.${slug} must be a number of 0 or more for a known event type`);
    }
    eventType.price = price;
  }
  deps.world.touch();
}

function attempt(res: Response, work: () => unknown): void {
  try {
    res.json(work());
  } catch (error) {
    res.status(400).json({ error: error instanceof Error ? error.message : 'refused' });
  }
}

/** The endpoints under `/admin`: state, reset, fault rules, settings and the request log. */
export function createAdminRouter(deps: Deps, initial: Settings): Router {
  const router = express.Router();
  router.use(guard, express.json({ limit: '1mb' }));
  router.get('/state', (_req: Request, res: Response) => void res.json(describeState(deps)));
  router.post('/reset', (_req, res) => {
    Object.assign(deps.world.settings, structuredClone(initial));
    deps.world.reset();
    deps.faults.replace([]);
    deps.log.clear();
    deps.limiter.reset();
    res.json({ ok: true });
  });
  router.get('/faults', (_req, res) => void res.json({ rules: deps.faults.list() }));
  router.post('/faults', (req: Request, res: Response) => {
    attempt(res, () => {
      deps.faults.replace(readFaultRules(req.body));
      return { rules: deps.faults.list() };
    });
  });
  router.delete('/faults', (_req, res) => {
    deps.faults.replace([]);
    res.json({ rules: [] });
  });
  router.post('/settings', (req: Request, res: Response) => {
    attempt(res, () => {
      applySettings(deps, req.body);
      return describeState(deps)['settings'];
    });
  });
  router.post('/bookings/:uid/pay', async (req: Request, res: Response) => {
    const booking = findBooking(deps.world.state, String(req.params['uid']));
    try {
      if (booking === undefined) throw new Error('no such booking');
      const outcome = payBooking(requestFor(deps.world, {}), booking);
      res.json((await settleOutcome(deps, outcome)).body);
    } catch (error) {
      res.status(400).json({ error: error instanceof Error ? error.message : 'refused' });
    }
  });
  router.get('/requests', (req: Request, res: Response) => {
    const since = new URL(req.originalUrl, 'http://sandbox').searchParams.get('since');
    res.json({ requests: deps.log.since(since) });
  });
  return router;
}
