import type { Webhook } from '../engine/types.ts';
import { nestFailure, validationFailure } from '../http/errors.ts';
import { callerOf, change, reply } from '../http/request.ts';
import type { ApiHandler, ApiRequest } from '../http/request.ts';
import { bool, filledText, findProblems, listOf, oneOf, optional, text } from '../http/validation.ts';
import type { Shape } from '../http/validation.ts';

const TRIGGERS = [
  'BOOKING_CREATED',
  'BOOKING_PAYMENT_INITIATED',
  'BOOKING_PAID',
  'BOOKING_RESCHEDULED',
  'BOOKING_REQUESTED',
  'BOOKING_CANCELLED',
  'BOOKING_REJECTED',
  'BOOKING_NO_SHOW_UPDATED',
  'FORM_SUBMITTED',
  'MEETING_ENDED',
  'MEETING_STARTED',
  'RECORDING_READY',
  'INSTANT_MEETING',
  'RECORDING_TRANSCRIPTION_GENERATED',
  'OOO_CREATED',
  'AFTER_HOSTS_CAL_VIDEO_NO_SHOW',
  'AFTER_GUESTS_CAL_VIDEO_NO_SHOW',
  'FORM_SUBMITTED_NO_EVENT',
  'ROUTING_FORM_FALLBACK_HIT',
  'DELEGATION_CREDENTIAL_ERROR',
  'WRONG_ASSIGNMENT_REPORT',
];
const HOSTED_TRIGGERS = ['BOOKING_LOCATION_UPDATED', 'BOOKING_REASSIGNED'];

function shapeFor(request: ApiRequest, creating: boolean): Shape {
  const hosted = request.world.settings.profile === 'hosted';
  const need = creating ? (rule: Shape[string]): Shape[string] => rule : optional;
  return {
    active: need(bool),
    subscriberUrl: need(filledText),
    triggers: need(listOf(oneOf(hosted ? [...TRIGGERS, ...HOSTED_TRIGGERS] : TRIGGERS))),
    payloadTemplate: optional(text),
    secret: optional(text),
    version: optional(oneOf(hosted ? ['2021-10-20', '2026-07-27'] : ['2021-10-20'])),
  };
}

function isPrivateHost(host: string): boolean {
  return (
    host === 'localhost' ||
    host.endsWith('.localhost') ||
    host.startsWith('[') ||
    /^(0|10|127|169\.254|192\.168|172\.(1[6-9]|2\d|3[01]))\./.test(host)
  );
}

function checkUrl(request: ApiRequest, value: unknown): void {
  if (typeof value !== 'string') return;
  const url = URL.canParse(value) ? new URL(value) : null;
  if (url === null || !['http:', 'https:'].includes(url.protocol)) {
    throw validationFailure([
      { property: 'subscriberUrl', children: [], constraints: { isUrl: 'subscriberUrl must be a URL address' } },
    ]);
  }
  if (request.world.settings.profile === 'diy') return;
  if (url.protocol !== 'https:') throw nestFailure(400, 'Webhook URL is not allowed: only HTTPS is supported');
  if (isPrivateHost(url.hostname)) throw nestFailure(400, 'Webhook URL is not allowed: private address');
}

function check(request: ApiRequest, creating: boolean): void {
  const problems = findProblems(request.body, shapeFor(request, creating), false);
  if (problems.length > 0) throw validationFailure(problems);
  checkUrl(request, request.body['subscriberUrl']);
}

function checkFreeUrl(request: ApiRequest, self: Webhook | null): void {
  const caller = callerOf(request);
  const url = request.body['subscriberUrl'];
  const taken = request.world.state.webhooks.some(
    (other) => other !== self && other.userId === caller.id && other.subscriberUrl === url,
  );
  if (taken) throw nestFailure(409, 'Webhook with this subscriber url already exists for this user');
}

function present(webhook: Webhook): Record<string, unknown> {
  const { eventTypeId: _eventTypeId, ...shown } = webhook;
  return structuredClone(shown);
}

function ownWebhook(request: ApiRequest): Webhook {
  const id = request.params['webhookId'] ?? '';
  const webhook = request.world.state.webhooks.find((candidate) => candidate.id === id);
  if (webhook === undefined) throw nestFailure(404, `Webhook with id ${id} not found`);
  if (webhook.userId !== callerOf(request).id) throw nestFailure(403, 'User is not the owner of this webhook');
  return webhook;
}

function applyBody(webhook: Webhook, body: Record<string, unknown>): void {
  for (const key of ['active', 'subscriberUrl', 'triggers', 'payloadTemplate', 'secret', 'version'] as const) {
    if (body[key] !== undefined) Object.assign(webhook, { [key]: structuredClone(body[key]) });
  }
}

/** `POST /v2/webhooks`: the same URL twice for a user is 409. */
export const createWebhook: ApiHandler = (request) => {
  check(request, true);
  checkFreeUrl(request, null);
  const { world } = request;
  return change(request, 201, () => {
    const webhook: Webhook = {
      id: world.newUuid(),
      userId: callerOf(request).id,
      eventTypeId: null,
      subscriberUrl: '',
      triggers: [],
      active: true,
      payloadTemplate: null,
      secret: null,
      version: '2021-10-20',
    };
    applyBody(webhook, request.body);
    world.state.webhooks.push(webhook);
    return present(webhook);
  });
};

/** `GET /v2/webhooks` with `take` (1 to 250) and `skip`. */
export const listWebhooks: ApiHandler = (request) => {
  const take = Number(request.query.get('take') ?? 250);
  const skip = Number(request.query.get('skip') ?? 0);
  if (!Number.isInteger(take) || take < 1 || take > 250 || !Number.isInteger(skip) || skip < 0) {
    const constraints = { max: 'take must be between 1 and 250, skip must not be less than 0' };
    throw validationFailure([{ property: 'take', children: [], constraints }]);
  }
  const caller = callerOf(request);
  const own = request.world.state.webhooks.filter((webhook) => webhook.userId === caller.id);
  return reply(200, own.slice(skip, skip + take).map(present));
};

/** `GET /v2/webhooks/{webhookId}`. */
export const getWebhook: ApiHandler = (request) => reply(200, present(ownWebhook(request)));

/** `PATCH /v2/webhooks/{webhookId}`. */
export const updateWebhook: ApiHandler = (request) => {
  const webhook = ownWebhook(request);
  check(request, false);
  checkFreeUrl(request, webhook);
  return change(request, 200, () => {
    applyBody(webhook, request.body);
    return present(webhook);
  });
};

/** `DELETE /v2/webhooks/{webhookId}`: answers what was deleted. */
export const deleteWebhook: ApiHandler = (request) => {
  const webhook = ownWebhook(request);
  const { state } = request.world;
  return change(request, 200, () => {
    state.webhooks = state.webhooks.filter((candidate) => candidate !== webhook);
    return present(webhook);
  });
};
