import { DomainError, ValidationError } from '@daybook/runtime/errors';
import type { CallContext } from '@daybook/runtime/grpc-server';

const DEFAULT_LIMIT = 50;
const MAX_LIMIT = 200;
const uuidPattern = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;

/** Who runs the practice that is asked about. @throws DomainError NOT_PERMITTED for everybody but owners and admins */
export function requireManager(call: CallContext): { organizationId: string; userId: string } {
  const { organizationId, userId, roles } = call.requireUser();
  if (roles.includes('owner') || roles.includes('admin')) return { organizationId, userId };
  throw new DomainError('forbidden', 'NOT_PERMITTED', 'Only the owner or an admin may see the calendar connection.');
}

/** A page's size as asked for. @throws ValidationError */
export function readLimit(limit: number, bounds = { byDefault: DEFAULT_LIMIT, most: MAX_LIMIT }): number {
  if (limit === 0) return bounds.byDefault;
  if (limit > 0 && limit <= bounds.most) return limit;
  throw new ValidationError([{ pointer: '/limit', message: `must be from 1 to ${bounds.most}` }]);
}

/** A UUID in lower case. @throws ValidationError */
export function readUuid(text: string, pointer: string): string {
  if (uuidPattern.test(text)) return text.toLowerCase();
  throw new ValidationError([{ pointer, message: 'must be a UUID' }]);
}
