import { Metadata, status as grpcStatus } from '@grpc/grpc-js';
import { decodeErrorInfo, decodeStatus, encodeErrorInfo, encodeStatus } from '@daybook/protos/codecs';
import { DomainError, findDomainError } from './errors.ts';
import type { ErrorKind } from './errors.ts';

/** The one table from kind to gRPC status. */
export const statusOfKind: Readonly<Record<ErrorKind, grpcStatus>> = {
  invalid: grpcStatus.INVALID_ARGUMENT,
  unauthenticated: grpcStatus.UNAUTHENTICATED,
  forbidden: grpcStatus.PERMISSION_DENIED,
  absent: grpcStatus.NOT_FOUND,
  taken: grpcStatus.ALREADY_EXISTS,
  refused: grpcStatus.FAILED_PRECONDITION,
  stale: grpcStatus.ABORTED,
  throttled: grpcStatus.RESOURCE_EXHAUSTED,
  unavailable: grpcStatus.UNAVAILABLE,
  timeout: grpcStatus.DEADLINE_EXCEEDED,
  bug: grpcStatus.INTERNAL,
};

const kindOfStatus = new Map<number, ErrorKind>(
  Object.entries(statusOfKind).map(([kind, status]) => [status, kind as ErrorKind]),
);

const errorDomain = 'daybook';
const errorInfoType = 'type.googleapis.com/google.rpc.ErrorInfo';
const detailsKey = 'grpc-status-details-bin';
/** All that anyone outside learns of a bug. */
const bugText = 'Something went wrong on our side.';

/** What a gRPC handler passes to its callback. */
export type GrpcError = { code: grpcStatus; details: string; metadata: Metadata };

function stringifyContext(context: Readonly<Record<string, unknown>>): Record<string, string> {
  const entries = Object.entries(context).filter(([, value]) => value !== undefined);
  return Object.fromEntries(
    entries.map(([key, value]) => [key, typeof value === 'string' ? value : JSON.stringify(value)]),
  );
}

/** Values that are JSON are parsed, all others are the strings they look like. */
function parseContext(metadata: Readonly<Record<string, string>>): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(metadata).map(([key, value]) => {
      try {
        return [key, JSON.parse(value) as unknown];
      } catch {
        return [key, value];
      }
    }),
  );
}

/**
 * A failure as the wire shows it. A DomainError anywhere in the chain of causes decides; anything else, and kind `bug`,
 * is INTERNAL with a fixed text, since its words may hold internals.
 */
export function toGrpcError(error: unknown): GrpcError {
  const known = findDomainError(error);
  const hidden = known === undefined || known.kind === 'bug';
  const code = hidden ? grpcStatus.INTERNAL : statusOfKind[known.kind];
  const details = hidden ? bugText : known.message;
  const info = encodeErrorInfo({
    reason: hidden ? 'INTERNAL' : known.code,
    domain: errorDomain,
    metadata: hidden ? {} : stringifyContext(known.context),
  });
  const metadata = new Metadata();
  const trailer = encodeStatus({ code, message: details, details: [{ type_url: errorInfoType, value: info }] });
  metadata.set(detailsKey, trailer);
  return { code, details, metadata };
}

type ReceivedInfo = { reason: string; context: Record<string, unknown> };

function readErrorInfo(metadata: Metadata | undefined): ReceivedInfo | undefined {
  const [trailer] = metadata?.get(detailsKey) ?? [];
  if (!Buffer.isBuffer(trailer)) return undefined;
  try {
    const packed = decodeStatus(trailer).details.find((detail) => detail.type_url === errorInfoType);
    if (!packed) return undefined;
    const info = decodeErrorInfo(packed.value);
    return info.domain === errorDomain ? { reason: info.reason, context: parseContext(info.metadata) } : undefined;
  } catch {
    return undefined;
  }
}

type ServiceErrorLike = Error & { code?: unknown; details?: unknown; metadata?: Metadata };

/** A call that never reached a Daybook handler: no connection, no time, or a fault of gRPC itself. */
function describeTransportFault(error: ServiceErrorLike): DomainError {
  if (error.code === grpcStatus.DEADLINE_EXCEEDED) {
    return new DomainError('timeout', 'UPSTREAM_TIMEOUT', 'The answer took too long.', { cause: error });
  }
  if (error.code === grpcStatus.UNAVAILABLE || error.code === grpcStatus.CANCELLED) {
    const message = 'A part of the system cannot be reached at the moment.';
    return new DomainError('unavailable', 'UPSTREAM_UNAVAILABLE', message, { cause: error });
  }
  const kind = typeof error.code === 'number' ? kindOfStatus.get(error.code) : undefined;
  if (kind === undefined || kind === 'bug') return new DomainError('bug', 'INTERNAL', bugText, { cause: error });
  const details = typeof error.details === 'string' && error.details !== '' ? error.details : error.message;
  const code = kind === 'timeout' ? 'UPSTREAM_TIMEOUT' : 'UPSTREAM_UNAVAILABLE';
  return new DomainError(kind, code, details, { cause: error });
}

/**
 * The DomainError a peer raised, rebuilt from its trailer: kind from the status, code and context from ErrorInfo.
 * Failures without ErrorInfo become `UPSTREAM_UNAVAILABLE`, `UPSTREAM_TIMEOUT` or `INTERNAL`.
 */
export function fromGrpcError(error: unknown): DomainError {
  const known = findDomainError(error);
  if (known) return known;
  const received =
    error instanceof Error ? (error as ServiceErrorLike) : (new Error(String(error)) as ServiceErrorLike);
  const info = readErrorInfo(received.metadata);
  const kind = typeof received.code === 'number' ? kindOfStatus.get(received.code) : undefined;
  if (!info || !kind) return describeTransportFault(received);
  const details = typeof received.details === 'string' ? received.details : bugText;
  return new DomainError(kind, info.reason, details, { context: info.context, cause: error });
}
