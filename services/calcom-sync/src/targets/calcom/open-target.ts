import type { Secret } from '@daybook/runtime/config';
import type { BudgetSnapshot, CalendarTarget } from '../target.ts';
import { createCalcomClient } from './client.ts';
import type { AttendeePolicy } from './mapping.ts';
import { RateBudget } from './rate-limit.ts';
import { createCalcomTarget } from './target.ts';

/** How to reach one Cal.com account. */
export type CalcomAccess = { baseUrl: string; apiKey: Secret; timeoutMs: number; attendees: AttendeePolicy };

/** Opens a Cal.com account as a calendar target, with a rate budget and a breaker of its own. */
export function openCalcomTarget(
  access: CalcomAccess,
  beforeCall: () => void,
): {
  target: CalendarTarget;
  budget: { waitMs(): number; snapshot(): BudgetSnapshot; restore(snapshot: BudgetSnapshot): void };
  close(): void;
} {
  const budget = new RateBudget(Date.now);
  const client = createCalcomClient({
    baseUrl: access.baseUrl,
    apiKey: access.apiKey,
    timeoutMs: access.timeoutMs,
    budget,
    beforeCall,
    breakerName: 'calcom',
  });
  return { target: createCalcomTarget(client, access.attendees), budget, close: () => client.close() };
}
