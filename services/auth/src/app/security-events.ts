import { counter } from '@daybook/runtime/metrics';
import type { Logger } from '@daybook/runtime/logger';

/**
 * What an operator should be able to find and count (ASVS 16.3). Ids and keyed hashes only: a username that was typed may
 * be a password in the wrong field.
 */
export type SecurityEvent =
  | { event: 'login_succeeded'; userId: string; sessionId: string; addressHash: string }
  | { event: 'login_failed'; accountHash: string; addressHash: string; failures: number }
  | { event: 'login_throttled'; accountHash: string; addressHash: string; retryAfterSeconds: number }
  | { event: 'refresh_token_reused'; sessionId: string }
  | { event: 'session_revoked'; sessionId: string; reason: string }
  | { event: 'other_sessions_revoked'; userId: string; endedSessions: number }
  | { event: 'password_changed'; userId: string; endedSessions: number }
  | { event: 'second_factor_asked'; userId: string; addressHash: string }
  | { event: 'second_factor_failed'; userId: string; addressHash: string; failures: number }
  | { event: 'second_factor_unreadable'; userId: string }
  | { event: 'second_factor_on'; userId: string; endedSessions: number }
  | { event: 'second_factor_off'; userId: string; endedSessions: number; by: 'user' | 'operator' }
  | { event: 'recovery_code_used'; userId: string; left: number }
  | { event: 'recovery_codes_replaced'; userId: string }
  | { event: 'owner_created'; userId: string }
  | { event: 'owner_reset'; userId: string; endedSessions: number };

const eventCounter = counter({
  name: 'daybook_auth_security_events_total',
  help: 'Security events by name.',
  labels: ['event'],
});

/** Logs and counts a security event; pino writes JSON, so no value can begin a line of its own. */
export function reportSecurityEvent(logger: Logger, { event, ...facts }: SecurityEvent): void {
  eventCounter.inc({ event });
  const level = event === 'refresh_token_reused' || event === 'second_factor_unreadable' ? 'warn' : 'info';
  logger[level]({ securityEvent: event, ...facts }, 'security event');
}
