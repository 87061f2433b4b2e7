/** One problem of one property, in the form in which the real service reports validation. */
export type FieldProblem = {
  property: string;
  children: FieldProblem[];
  constraints?: Record<string, string>;
};

/** Either the standard envelope's `error` member, or a body sent without any envelope. */
export type FailureBody = { enveloped: true; error: Record<string, unknown> } | { enveloped: false; body: unknown };

/** An answer other than success. Each family of errors that Cal.com sends has its own maker below. */
export class ApiFailure extends Error {
  readonly status: number;
  readonly failure: FailureBody;

  constructor(status: number, message: string, failure: FailureBody) {
    super(message);
    this.name = 'ApiFailure';
    this.status = status;
    this.failure = failure;
  }
}

const REASONS: Record<number, [exception: string, reason: string]> = {
  400: ['BadRequestException', 'Bad Request'],
  401: ['UnauthorizedException', 'Unauthorized'],
  403: ['ForbiddenException', 'Forbidden'],
  404: ['NotFoundException', 'Not Found'],
  409: ['ConflictException', 'Conflict'],
  413: ['PayloadTooLargeException', 'Payload Too Large'],
  422: ['UnprocessableEntityException', 'Unprocessable Entity'],
  501: ['NotImplementedException', 'Not Implemented'],
};

/** A framework exception: envelope, class name as code, details with the same text. */
export function nestFailure(status: number, message: string): ApiFailure {
  const [code, reason] = REASONS[status] ?? ['HttpException', 'Error'];
  const details = { message, error: reason, statusCode: status };
  return new ApiFailure(status, message, { enveloped: true, error: { code, message, details } });
}

/** Global validation: 400 with `details.errors`. */
export function validationFailure(errors: FieldProblem[]): ApiFailure {
  const message = 'Bad Request Exception';
  return new ApiFailure(400, message, {
    enveloped: true,
    error: { code: 'BadRequestException', message, details: { errors } },
  });
}

function describeProblems(problems: FieldProblem[]): string {
  return problems
    .map((problem) => {
      const constraints = Object.values(problem.constraints ?? {}).join(', ');
      return `${problem.property} property is wrong,${constraints} ${describeProblems(problem.children)}`;
    })
    .join(', ');
}

/** Validation of booking bodies: 400 whose problems are written into one text. */
export function bookingBodyFailure(problems: FieldProblem[]): ApiFailure {
  return nestFailure(400, describeProblems(problems));
}

/** A database refusal: the code names the kind and there are no details. */
export function databaseFailure(status: 400 | 404 | 409 | 500, message: string): ApiFailure {
  const codes = { 400: 'BAD_REQUEST', 404: 'NOT_FOUND', 409: 'CONFLICT', 500: 'INTERNAL_SERVER_ERROR' };
  return new ApiFailure(status, message, { enveloped: true, error: { code: codes[status], message } });
}

/** A schema-library refusal: 400, the message lists `path - text,` parts. */
export function zodFailure(parts: { path: string; text: string }[]): ApiFailure {
  const message = parts.map((part) => `${part.path} - ${part.text},`).join(' ');
  return new ApiFailure(400, message, { enveloped: true, error: { code: 'BAD_REQUEST', message } });
}

/** A refusal of the calls that are backed by the internal procedure layer (confirm, decline). */
export function procedureFailure(status: number, message: string): ApiFailure {
  return new ApiFailure(status, message, { enveloped: true, error: { code: 'TRPCError', message } });
}

/** A refusal of the booking core: no envelope at all. */
export function rawFailure(status: number, message: string): ApiFailure {
  return new ApiFailure(status, message, { enveloped: false, body: { statusCode: status, message } });
}

/** The throttler's answer; its details are a bare string. */
export function throttledFailure(): ApiFailure {
  const message = 'CustomThrottlerGuard - Too many requests. Please try again later.';
  return new ApiFailure(429, message, {
    enveloped: true,
    error: { code: 'ThrottlerException', message, details: message },
  });
}

/** The body of a failure, with `timestamp` (UTC) and the request path in the envelope. */
export function renderFailure(failure: ApiFailure, path: string, now: Date): unknown {
  if (!failure.failure.enveloped) return failure.failure.body;
  return { status: 'error', timestamp: now.toISOString(), path, error: failure.failure.error };
}
