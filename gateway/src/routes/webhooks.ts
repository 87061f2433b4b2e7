import express from 'express';
import type { RequestHandler } from 'express';
import { DomainError } from '@daybook/runtime/errors';
import type { CalendarSyncClient } from '../upstream/calendar-sync-client.ts';
import type { RouteHandlers } from './route-handlers.ts';

/** Largest webhook in bytes. */
export const webhookLimitBytes = 256 * 1024;

/** Longer than any header Cal.com sends; what is longer is cut, and then matches nothing. */
const longestHeader = 200;

const readRaw = express.raw({ limit: webhookLimitBytes, inflate: false, type: () => true });

/**
 * Reads the body as the bytes it came in, of whatever type it says to be: the signature is over the bytes, so nothing may
 * be parsed before it was checked.
 * @throws DomainError PAYLOAD_TOO_LARGE
 */
export const rawBody: RequestHandler = (request, response, next) => {
  readRaw(request, response, (error?: unknown) => {
    const tooLarge = (error as { status?: unknown } | undefined)?.status === 413;
    next(tooLarge ? new DomainError('invalid', 'PAYLOAD_TOO_LARGE', 'The body is larger than 256 kB.') : error);
  });
};

function receiveCalcom(calendarSync: CalendarSyncClient): RequestHandler {
  return async (request, response) => {
    const header = (name: string): string => (request.get(name) ?? '').slice(0, longestHeader);
    await calendarSync.receiveWebhook({
      // An address that is no UUID gets the answer of one that nobody has.
      connectionId: String(request.params['id']).slice(0, longestHeader),
      body: Buffer.isBuffer(request.body) ? request.body : Buffer.alloc(0),
      signature: header('x-cal-signature-256'),
      webhookVersion: header('x-cal-webhook-version'),
    });
    response.status(204).end();
  };
}

/** What others call: signed, and without a session. */
export function webhookHandlers(calendarSync: CalendarSyncClient): RouteHandlers {
  return { receiveCalcomWebhook: [receiveCalcom(calendarSync)] };
}
