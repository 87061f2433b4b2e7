/**
 * The base of every error Daybook raises on purpose. No dependencies and no transport words, so that domain code may
 * import it; `grpc-errors.ts` and the gateway translate kinds and codes at the edges.
 */

/** Why something did not happen; each kind has one row in the table of transport statuses. */
export type ErrorKind =
  | 'invalid'
  | 'unauthenticated'
  | 'forbidden'
  | 'absent'
  | 'taken'
  | 'refused'
  | 'stale'
  | 'throttled'
  | 'unavailable'
  | 'timeout'
  | 'bug';

/** What a DomainError may carry besides its words. */
export type DomainErrorOptions = { context?: Record<string, unknown>; cause?: unknown };

/**
 * An expected failure: `kind` decides the transport status, `code` is what programs switch on, `message` is written for
 * people and `context` holds structured facts that may leave the process (so no secrets and no personal data).
 */
export class DomainError extends Error {
  readonly kind: ErrorKind;
  readonly code: string;
  readonly context: Readonly<Record<string, unknown>>;

  constructor(kind: ErrorKind, code: string, message: string, options: DomainErrorOptions = {}) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause });
    this.name = new.target.name;
    this.kind = kind;
    this.code = code;
    this.context = Object.freeze({ ...options.context });
  }
}

/** One wrong field of an input; `pointer` is an RFC 6901 JSON pointer such as `/customer/name`. */
export type FieldFault = { pointer: string; message: string };

/** More would not fit the trailer that carries them over gRPC, and nobody reads them. */
const mostFaults = 50;

/** Input that breaks its schema or a field rule; the faults found (the first fifty) are listed in `context.errors`. */
export class ValidationError extends DomainError {
  constructor(faults: FieldFault[]) {
    super('invalid', 'VALIDATION_FAILED', 'Some fields are not valid.', {
      context: { errors: faults.slice(0, mostFaults) },
    });
  }
}

/**
 * The first DomainError in a chain of causes, or undefined. Libraries wrap errors (Sequelize, streams, retries), and an
 * expected failure must stay recognisable through any number of wrappers.
 */
export function findDomainError(error: unknown): DomainError | undefined {
  const seen = new Set<unknown>();
  let current = error;
  while (current instanceof Error && !seen.has(current)) {
    if (current instanceof DomainError) return current;
    seen.add(current);
    current = current.cause;
  }
  return undefined;
}
