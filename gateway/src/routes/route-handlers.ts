import type { RequestHandler, Response } from 'express';
import type { SignedIn } from '../session/signed-in.ts';
import { requestState } from '../middleware/request-context.ts';
import { askingCalcomMs } from '../upstream/calendar-sync-client.ts';
import { commandDeadlineMs, readDeadlineMs } from '../upstream/upstream.ts';
import type { CallOptions } from '../upstream/upstream.ts';

/** Handlers by the contract's operationId; several run one after the other. */
export type RouteHandlers = Record<string, RequestHandler[]>;

/** Who asks. @throws Error on an open route, where nobody need be signed in */
export function signedInUser(response: Response): SignedIn {
  const { signedIn } = requestState(response);
  if (!signedIn) throw new Error('a route that needs a session was mounted without requireSession');
  return signedIn;
}

/** How a change is called in the name of the signed-in user. */
export function asCommand(response: Response): CallOptions {
  return { deadlineMs: commandDeadlineMs, bearer: signedInUser(response).token };
}

/** How a question is asked in the name of the signed-in user. */
export function asRead(response: Response): CallOptions {
  return { deadlineMs: readDeadlineMs, bearer: signedInUser(response).token };
}

/** How something that asks Cal.com itself before it answers is called in the name of the signed-in user. */
export function asAskingCalcom(response: Response): CallOptions {
  return { deadlineMs: askingCalcomMs, bearer: signedInUser(response).token };
}

/** Names the version, so that the next change can say If-Match. */
export function setVersion(response: Response, version: number): void {
  response.setHeader('ETag', `"${version}"`);
}
