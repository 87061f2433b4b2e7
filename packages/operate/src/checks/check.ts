/** What a check found. `says` and `fix` are for the operator, in words, without secrets. */
export type Finding = {
  /** The part that was looked at, such as `database scheduling`. */
  part: string;
  status: 'ok' | 'warning' | 'fault' | 'skipped';
  says: string;
  /** What to do; on warnings and faults. */
  fix?: string;
};

/** A finding that all is well. */
export function ok(part: string, says: string): Finding {
  return { part, status: 'ok', says };
}

/** Something that needs nobody today. */
export function warning(part: string, says: string, fix: string): Finding {
  return { part, status: 'warning', says, fix };
}

/** Something that is wrong now. */
export function fault(part: string, says: string, fix: string): Finding {
  return { part, status: 'fault', says, fix };
}

/** Something that could not be looked at for want of a setting. */
export function skipped(part: string, says: string): Finding {
  return { part, status: 'skipped', says };
}

/** An error in one line, without the secrets that addresses carry. */
export function describeFailure(error: unknown): string {
  const { message, code, cause } = (error ?? {}) as { message?: string; code?: string; cause?: { message?: string } };
  const text = message || code || cause?.message || 'no reason given';
  const detail = message === 'fetch failed' && cause?.message ? cause.message : text;
  return (detail.split('\n')[0] ?? '').replaceAll(/\/\/[^/@\s]*@/g, '//');
}

/** An address as it may be shown: without user and password. */
export function showAddress(address: string): string {
  const url = new URL(address);
  url.username = '';
  url.password = '';
  return url.toString();
}
