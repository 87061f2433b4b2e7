import sequelize from 'sequelize';

/** What a database error means for the caller, however deeply it is wrapped. */
export type DatabaseFault = 'retry' | 'stale-plan' | 'busy' | 'unavailable' | undefined;

type DatabaseErrorLike = Error & { code?: unknown; constraint?: unknown; parent?: unknown; original?: unknown };

/** An error and everything it wraps: `cause`, and Sequelize's `parent` and `original`. */
function listWrapped(error: unknown): DatabaseErrorLike[] {
  const found = new Set<DatabaseErrorLike>();
  const open: unknown[] = [error];
  while (open.length > 0) {
    const current = open.pop();
    if (!(current instanceof Error) || found.has(current)) continue;
    const wrapped = current as DatabaseErrorLike;
    found.add(wrapped);
    open.push(wrapped.cause, wrapped.parent, wrapped.original);
  }
  return [...found];
}

/** Serialization failure and deadlock: the same work may succeed when run again (PostgreSQL manual, section 13.5). */
const retryCodes = new Set(['40001', '40P01']);
/** Lock timeout, statement timeout. */
const busyCodes = new Set(['55P03', '57014']);
/** Server shutting down, crashed, starting, or out of connections; sockets that broke. */
const unavailableCodes = new Set([
  ...['57P01', '57P02', '57P03', '57P05', '53300', '25P03', '25P04'],
  ...['ECONNREFUSED', 'ECONNRESET', 'EPIPE', 'ETIMEDOUT', 'ENOTFOUND', 'EAI_AGAIN', 'EHOSTUNREACH', 'ENETUNREACH'],
]);
const brokenConnectionWords =
  /^(Connection terminated|Client has encountered a connection error|Query read timeout|Client was closed|timeout expired|ConnectionManager\.getConnection was called after)/;

function classifyOne(error: DatabaseErrorLike): DatabaseFault {
  const code = typeof error.code === 'string' ? error.code : '';
  if (retryCodes.has(code)) return 'retry';
  if (code === '0A000' && error.message.includes('cached plan must not change result type')) return 'stale-plan';
  if (busyCodes.has(code) || error instanceof sequelize.ConnectionAcquireTimeoutError) return 'busy';
  if (unavailableCodes.has(code) || /^08...$/.test(code)) return 'unavailable';
  if (error instanceof sequelize.ConnectionError || brokenConnectionWords.test(error.message)) return 'unavailable';
  return undefined;
}

/** Sorts a database error into what a caller can do about it; undefined = an ordinary error of the statement. */
export function classifyDatabaseFault(error: unknown): DatabaseFault {
  for (const wrapped of listWrapped(error)) {
    const fault = classifyOne(wrapped);
    if (fault) return fault;
  }
  return undefined;
}

/** Whether an error is the violation of the named constraint, through Sequelize's wrappers and causes. */
export function isConstraintViolation(error: unknown, name: string): boolean {
  return listWrapped(error).some(
    (wrapped) => typeof wrapped.code === 'string' && wrapped.code.startsWith('23') && wrapped.constraint === name,
  );
}
