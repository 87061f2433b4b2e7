/**
 * Every problem the public API can answer, by code. The browser switches on `code`, never on text.
 * `status` is the HTTP status, `title` the RFC 9457 title, `advice` what a person can do about it.
 */
export const problems = {
  VALIDATION_FAILED: {
    status: 400,
    title: 'The request is not valid',
    advice: 'Correct the named fields and send it again.',
  },
  MALFORMED_REQUEST: {
    status: 400,
    title: 'The request cannot be read',
    advice: 'Send valid JSON as application/json.',
  },
  RANGE_TOO_LONG: { status: 400, title: 'The range is too long', advice: 'Ask for at most 62 days at a time.' },
  SESSION_INVALID: { status: 401, title: 'Not signed in', advice: 'Sign in and send the request again.' },
  SESSION_EXPIRED: { status: 401, title: 'The session has ended', advice: 'Refresh the session or sign in again.' },
  INVALID_CREDENTIALS: { status: 401, title: 'Username or password is wrong', advice: 'Check both and try again.' },
  SECOND_FACTOR_NEEDED: {
    status: 401,
    title: 'A code is needed as well',
    advice: 'Send the same request with the code of your authenticator app, or a recovery code.',
  },
  SECOND_FACTOR_WRONG: {
    status: 401,
    title: 'The code does not count',
    advice: 'Type the one the app shows now; each counts once. A recovery code does too.',
  },
  NOT_PERMITTED: { status: 403, title: 'Not permitted', advice: 'Ask the owner of the practice.' },
  CROSS_SITE_REQUEST: {
    status: 403,
    title: 'Refused: the request came from another site',
    advice: 'Use the app itself, or a bearer token.',
  },
  ROUTE_NOT_FOUND: { status: 404, title: 'No such address', advice: 'See /api/docs for what exists.' },
  APPOINTMENT_NOT_FOUND: {
    status: 404,
    title: 'No such appointment',
    advice: 'It may belong to somebody else or never have existed.',
  },
  APPOINTMENT_TYPE_NOT_FOUND: {
    status: 404,
    title: 'No such appointment type',
    advice: 'List the types and choose one.',
  },
  PROVIDER_NOT_FOUND: { status: 404, title: 'No such provider', advice: 'List the providers and choose one.' },
  CUSTOMER_NOT_FOUND: { status: 404, title: 'No such customer', advice: 'Search the customers and choose one.' },
  BLOCK_NOT_FOUND: { status: 404, title: 'No such blocked time', advice: 'It may have been removed already.' },
  SESSION_NOT_FOUND: { status: 404, title: 'No such session', advice: 'It may have ended already.' },
  CONNECTION_NOT_FOUND: {
    status: 404,
    title: 'No such connection',
    advice: 'List the connections; it may have been removed.',
  },
  METHOD_NOT_ALLOWED: {
    status: 405,
    title: 'Method not allowed',
    advice: 'See /api/docs for what this address offers.',
  },
  SLOT_TAKEN: { status: 409, title: 'The time is taken', advice: 'Choose one of the nearest free times.' },
  SLUG_TAKEN: { status: 409, title: 'The short name is taken', advice: 'Choose another short name.' },
  CUSTOMER_EXISTS: {
    status: 409,
    title: 'This customer is known already',
    advice: 'Open the known one, or join the two.',
  },
  CUSTOMER_HAS_APPOINTMENTS: {
    status: 409,
    title: 'The customer has appointments to come',
    advice: 'Cancel them first, so that nobody is expected whom nobody knows.',
  },
  NOTHING_DIFFERENT: { status: 409, title: 'Both sides agree', advice: 'Nothing needs to be decided any more.' },
  SECOND_FACTOR_ALREADY_ON: {
    status: 409,
    title: 'The second factor is on already',
    advice: 'Turn it off first, to use another app.',
  },
  CONNECTION_MANAGED_BY_OPERATOR: {
    status: 409,
    title: 'The operator set this connection up',
    advice: 'Ask the operator to change it where Daybook is installed.',
  },
  IDEMPOTENCY_KEY_IN_FLIGHT: {
    status: 409,
    title: 'The same request is still being worked on',
    advice: 'Wait a moment and repeat it with the same key.',
  },
  VERSION_CONFLICT: {
    status: 412,
    title: 'Somebody changed it in the meantime',
    advice: 'Read it again and repeat the change.',
  },
  PAYLOAD_TOO_LARGE: { status: 413, title: 'The request is too large', advice: 'Send at most 100 kB.' },
  UNSUPPORTED_MEDIA_TYPE: { status: 415, title: 'Not JSON', advice: 'Send application/json.' },
  OUTSIDE_AVAILABILITY: {
    status: 422,
    title: 'Outside the working hours',
    advice: 'Choose a time inside the hours, or as the owner go ahead with override.',
  },
  START_IN_PAST: { status: 422, title: 'The start lies in the past', advice: 'Choose a start to come.' },
  TOO_SHORT_NOTICE: {
    status: 422,
    title: 'Too short notice',
    advice: 'Choose a later start, or as the owner go ahead with override.',
  },
  BEYOND_HORIZON: {
    status: 422,
    title: 'Too far ahead',
    advice: 'Choose an earlier start, or as the owner go ahead with override.',
  },
  DURATION_NOT_OFFERED: {
    status: 422,
    title: 'This length is not offered',
    advice: 'Choose one of the lengths of the appointment type.',
  },
  ADDRESS_NOT_ALLOWED: {
    status: 422,
    title: 'This address is not allowed',
    advice: 'Use a public https address, or ask the operator to allow this host.',
  },
  CONNECTION_TEST_FAILED: {
    status: 422,
    title: 'Cal.com could not be reached with these particulars',
    advice: 'The steps say what failed and what to do.',
  },
  START_NOT_ALIGNED: { status: 422, title: 'This start is not offered', advice: 'Choose one of the offered starts.' },
  APPOINTMENT_NOT_CHANGEABLE: {
    status: 422,
    title: 'The appointment can no longer be changed',
    advice: 'Only scheduled appointments can change.',
  },
  TOO_LATE_TO_CANCEL: { status: 422, title: 'Too late to cancel', advice: 'Please call the practice.' },
  DEFAULT_TYPE_REQUIRED: {
    status: 422,
    title: 'The default appointment type must stay',
    advice: 'Change it instead of archiving it.',
  },
  SECOND_FACTOR_NOT_BEGUN: {
    status: 422,
    title: 'There is no key to confirm',
    advice: 'It may be older than fifteen minutes. Begin again.',
  },
  SECOND_FACTOR_NOT_ON: { status: 422, title: 'The second factor is off', advice: 'Turn it on first.' },
  IDEMPOTENCY_KEY_REUSED: {
    status: 422,
    title: 'The idempotency key was used for another request',
    advice: 'Use a new key for a new intent.',
  },
  TOO_MANY_ATTEMPTS: { status: 429, title: 'Too many attempts', advice: 'Wait for the time given in Retry-After.' },
  TOO_MANY_REQUESTS: { status: 429, title: 'Too many requests', advice: 'Wait for the time given in Retry-After.' },
  INTERNAL: {
    status: 500,
    title: 'Something went wrong on our side',
    advice: 'Try again; if it stays, give the trace id to your operator.',
  },
  WEBHOOK_REFUSED: {
    status: 401,
    title: 'The webhook was refused',
    advice: 'Check its address and its secret.',
  },
  CONNECTION_UNREACHABLE: {
    status: 503,
    title: 'Cal.com is not answering',
    advice: 'Nothing was lost. Try again in a moment.',
  },
  UPSTREAM_UNAVAILABLE: {
    status: 503,
    title: 'A part of Daybook is not answering',
    advice: 'Nothing was lost. Try again in a moment.',
  },
  DATABASE_UNAVAILABLE: {
    status: 503,
    title: 'The database is not answering',
    advice: 'Send the same request again in a moment, with its idempotency key if it has one.',
  },
  DATABASE_BUSY: { status: 503, title: 'The database is busy', advice: 'Try again in a moment.' },
  BREAKER_OPEN: {
    status: 503,
    title: 'A part of Daybook is not answering',
    advice: 'Nothing was lost. Try again in a moment.',
  },
  DRAINING: { status: 503, title: 'This server is going down', advice: 'Try again; another one answers.' },
  UPSTREAM_TIMEOUT: {
    status: 504,
    title: 'It took too long',
    advice: 'Send the same request again in a moment, with its idempotency key if it has one.',
  },
} as const satisfies Record<string, { status: number; title: string; advice: string }>;

/** A code of the closed list. */
export type ProblemCode = keyof typeof problems;

/** Whether a text is a code of the closed list. */
export function isProblemCode(code: string): code is ProblemCode {
  return Object.hasOwn(problems, code);
}
