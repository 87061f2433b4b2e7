import type { Clock } from '@daybook/runtime/clock';
import type { Database } from '@daybook/runtime/postgres';
import { findSession } from '../db/sessions.ts';
import { isUsable } from './refresh-session.ts';

const uuidShape = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;

/** Whether a session is still open; anything that is no session of ours is not. */
export function checkSession(deps: { database: Database; clock: Clock }): (sessionId: string) => Promise<boolean> {
  return async (sessionId) => {
    if (!uuidShape.test(sessionId)) return false;
    return isUsable(await findSession(deps.database, sessionId), deps.clock.now());
  };
}
