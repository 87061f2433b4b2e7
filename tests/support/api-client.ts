import type {
  Appointment,
  AppointmentDetails,
  AppointmentPage,
  BookAppointmentRequest,
} from '@daybook/http-contract/appointments';
import type { Availability, ReplaceAvailabilityRequest } from '@daybook/http-contract/availability';
import type { Problem } from '@daybook/http-contract/common';
import type { Session } from '@daybook/http-contract/session';

/** An answer of the public API as a test sees it; `problem` is set on 4xx and 5xx. */
export type Answer<T> = { status: number; headers: Headers; body: T; problem: Problem | undefined };

type Credentials = { username: string; password: string };
type RequestOptions = { body?: unknown; headers?: Record<string, string>; timeoutMs?: number };

/** How often a sign-in is repeated that was not answered in time. */
const SIGN_IN_AGAIN = 5;

/** Whether an answer only says that there was none in time. */
export function isLate({ status }: { status: number }): boolean {
  return status === 503 || status === 504;
}

/** Whether a token has passed its own end; one that was revoked before is refused as well and stays so. */
function hasRunOut(token: string | undefined): boolean {
  const claims = JSON.parse(Buffer.from(token?.split('.')[1] ?? '', 'base64url').toString()) as { exp: number };
  return claims.exp * 1000 <= Date.now();
}

/** A signed-in caller of the public HTTP API, by bearer token, as a program would be. */
export class ApiClient {
  /** Base address of a gateway, without a trailing slash. */
  readonly baseUrl: string;
  #token: string | undefined;
  #credentials: Credentials | undefined;
  #signingIn: Promise<void> | undefined;

  constructor(baseUrl: string, token?: string) {
    this.baseUrl = baseUrl;
    this.#token = token;
  }

  /** The access token in use. */
  get token(): string | undefined {
    return this.#token;
  }

  /** Signs in; throws when the answer is not 200. A token that runs out later is replaced by signing in again. */
  static async signIn(baseUrl: string, credentials: Credentials): Promise<ApiClient> {
    const client = new ApiClient(baseUrl);
    client.#credentials = credentials;
    await client.#signIn(credentials);
    return client;
  }

  /** A machine that is busy with other tests may be late with its first answers; asking again harms nothing. */
  async #signIn(credentials: Credentials): Promise<void> {
    const ask = () => this.#send<Session>('POST', '/api/auth/login', { body: credentials });
    let answer = await ask();
    for (let again = 0; again < SIGN_IN_AGAIN && isLate(answer); again += 1) answer = await ask();
    if (answer.status !== 200) throw new Error(`sign-in answered ${answer.status} ${answer.problem?.code ?? ''}`);
    this.#token = answer.body.accessToken;
  }

  /** One request; rejects only when no answer came at all. */
  async request<T>(method: string, path: string, options: RequestOptions = {}): Promise<Answer<T>> {
    const used = this.#token;
    const answer = await this.#send<T>(method, path, options);
    const credentials = this.#credentials;
    if (answer.problem?.code !== 'SESSION_EXPIRED' || !credentials || !hasRunOut(used)) return answer;
    if (this.#token === used)
      await (this.#signingIn ??= this.#signIn(credentials).finally(() => (this.#signingIn = undefined)));
    return this.#send<T>(method, path, options);
  }

  async #send<T>(method: string, path: string, options: RequestOptions): Promise<Answer<T>> {
    const response = await fetch(this.baseUrl + path, {
      method,
      headers: {
        ...(this.#token ? { authorization: `Bearer ${this.#token}` } : {}),
        ...(options.body === undefined ? {} : { 'content-type': 'application/json' }),
        ...options.headers,
      },
      ...(options.body === undefined ? {} : { body: JSON.stringify(options.body) }),
      signal: AbortSignal.timeout(options.timeoutMs ?? 15_000),
    });
    const text = await response.text();
    const body = (text === '' ? undefined : JSON.parse(text)) as T;
    return {
      status: response.status,
      headers: response.headers,
      body,
      problem: response.status >= 400 ? (body as Problem) : undefined,
    };
  }

  /** POST /api/appointments. */
  book(body: BookAppointmentRequest, options: { key?: string; timeoutMs?: number } = {}): Promise<Answer<Appointment>> {
    return this.request('POST', '/api/appointments', {
      body,
      ...(options.key ? { headers: { 'idempotency-key': options.key } } : {}),
      ...(options.timeoutMs ? { timeoutMs: options.timeoutMs } : {}),
    });
  }

  /** GET /api/appointments/{id}. */
  appointment(id: string): Promise<Answer<AppointmentDetails>> {
    return this.request('GET', `/api/appointments/${id}`);
  }

  /** POST /api/appointments/{id}/reschedule. */
  reschedule(id: string, body: { start: string; reason?: string; override?: boolean }): Promise<Answer<Appointment>> {
    return this.request('POST', `/api/appointments/${id}/reschedule`, { body });
  }

  /** DELETE /api/appointments/{id}. */
  cancel(id: string, reason?: string): Promise<Answer<Appointment>> {
    return this.request('DELETE', `/api/appointments/${id}${reason ? `?reason=${encodeURIComponent(reason)}` : ''}`);
  }

  /** Every appointment that matches, all pages. */
  async allAppointments(query = ''): Promise<Appointment[]> {
    const found: Appointment[] = [];
    let cursor: string | undefined;
    do {
      const page: Answer<AppointmentPage> = await this.request<AppointmentPage>(
        'GET',
        `/api/appointments?limit=200${query}${cursor ? `&cursor=${encodeURIComponent(cursor)}` : ''}`,
      );
      if (page.status !== 200) throw new Error(`the list answered ${page.status}`);
      found.push(...page.body.items);
      cursor = page.body.nextCursor;
    } while (cursor);
    return found;
  }

  /** PUT /api/availability. */
  replaceAvailability(body: ReplaceAvailabilityRequest): Promise<Answer<Availability>> {
    return this.request('PUT', '/api/availability', { body });
  }
}

/** Open every day from 00:00 to 24:00, so that a test's times depend on nothing but itself. */
export function alwaysOpen(timeZone = 'Europe/Luxembourg'): ReplaceAvailabilityRequest {
  const days = ['monday', 'tuesday', 'wednesday', 'thursday', 'friday', 'saturday', 'sunday'] as const;
  return { timeZone, weekly: days.map((day) => ({ day, start: '00:00', end: '24:00' })), overrides: [] };
}

/** A start `days` ahead of today at an hour and minute of UTC, RFC 3339. */
export function startIn(days: number, hour: number, minute = 0): string {
  const today = new Date();
  return new Date(
    Date.UTC(today.getUTCFullYear(), today.getUTCMonth(), today.getUTCDate() + days, hour, minute),
  ).toISOString();
}
