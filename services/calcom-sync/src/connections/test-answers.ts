import type { IncomingAnswer } from '../targets/calcom/transport.ts';

/** Whose key it is. */
export type CalcomAccount = { id: string; name: string; email: string };

/** The JSON object of an answer, if it is one. */
export function recordIn({ text }: IncomingAnswer): Record<string, unknown> | undefined {
  try {
    const body: unknown = JSON.parse(text);
    return isRecord(body) ? body : undefined;
  } catch {
    return undefined;
  }
}

/** The message of an error in either of its two shapes; empty if there is none. */
export function messageIn(answer: IncomingAnswer): string {
  const body = recordIn(answer);
  const error = isRecord(body?.['error']) ? body['error'] : undefined;
  const message = error?.['message'] ?? body?.['message'];
  return typeof message === 'string' ? message : '';
}

/** Whether this is how the API of Cal.com answers a question without a key. */
export function looksLikeCalcom(answer: IncomingAnswer): boolean {
  const body = recordIn(answer);
  if (!body || ![200, 401, 403, 429].includes(answer.status)) return false;
  if (answer.status === 200) return body['status'] === 'success';
  return (body['status'] === 'error' && isRecord(body['error'])) || /AuthStrategy|Guard/.test(messageIn(answer));
}

/** The account of GET /me, if the answer names one. */
export function readAccount(answer: IncomingAnswer): CalcomAccount | undefined {
  const data = recordIn(answer)?.['data'];
  if (!isRecord(data)) return undefined;
  const { id, name, username, email } = data;
  if (typeof id !== 'number' && typeof id !== 'string') return undefined;
  const shown = [name, username].find((text): text is string => typeof text === 'string' && text !== '');
  return { id: String(id), name: shown ?? '', email: typeof email === 'string' ? email : '' };
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
