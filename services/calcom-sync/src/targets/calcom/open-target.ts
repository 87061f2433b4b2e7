import type { Secret } from '@daybook/runtime/config';
import type { BudgetSnapshot, CalendarTarget } from '../target.ts';
import { mayConnectTo, type AddressRules } from './base-url.ts';
import { createCalcomClient, type CalcomClient } from './client.ts';
import type { AttendeePolicy } from './mapping.ts';
import { RateBudget } from './rate-limit.ts';
import { createCalcomTarget } from './target.ts';
import { createTransport } from './transport.ts';

/** How to reach one Cal.com account; `rules` are asked again at every connect. */
export type CalcomAccess = {
  baseUrl: string;
  apiKey: Secret;
  timeoutMs: number;
  attendees: AttendeePolicy;
  rules: AddressRules;
  /** Hosted Cal.com, which lets a host book over its rules. */
  hosted?: boolean;
};

/** A Cal.com account as a calendar target, with the client behind it for what only Cal.com has. */
export type OpenedCalcom = {
  target: CalendarTarget;
  client: CalcomClient;
  budget: { waitMs(): number; snapshot(): BudgetSnapshot; restore(snapshot: BudgetSnapshot): void };
  close(): void;
};

/**
 * Opens a Cal.com account as a calendar target, with a rate budget and a breaker of its own.
 * @param breakerName names the breaker in metrics
 */
export function openCalcomTarget(access: CalcomAccess, beforeCall: () => void, breakerName = 'calcom'): OpenedCalcom {
  const budget = new RateBudget(() => performance.now());
  const transport = createTransport(mayConnectTo(new URL(access.baseUrl), access.rules));
  const client = createCalcomClient({
    baseUrl: access.baseUrl,
    apiKey: access.apiKey,
    timeoutMs: access.timeoutMs,
    transport,
    budget,
    beforeCall,
    breakerName,
  });
  const close = (): void => {
    client.close();
    transport.close();
  };
  return {
    target: createCalcomTarget(client, access.attendees, { hostOverrides: access.hosted === true }),
    client,
    budget,
    close,
  };
}
