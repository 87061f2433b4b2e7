import { lookup as systemLookup } from 'node:dns/promises';
import { isIP, type LookupFunction } from 'node:net';

/** The addresses of a name, as the system knows them. @throws an error with a `code` such as ENOTFOUND */
export type Resolve = (hostname: string) => Promise<{ address: string; family: number }[]>;

/** The code of the error when no address of a name may be connected to. */
export const ADDRESS_NOT_ALLOWED = 'EADDRESSNOTALLOWED';

/** Asks the system's resolver. */
export const resolveBySystem: Resolve = (hostname) => systemLookup(hostname, { all: true });

/** The addresses of a host that may be connected to. @throws an error with code EADDRESSNOTALLOWED when there is none */
export async function allowedAddresses(
  host: string,
  mayConnect: (networkAddress: string) => boolean,
  resolve: Resolve = resolveBySystem,
): Promise<{ address: string; family: number }[]> {
  const bare = host.replace(/^\[|\]$/g, '');
  const family = isIP(bare);
  const all = family === 0 ? await resolve(bare) : [{ address: bare, family }];
  const allowed = all.filter(({ address }) => mayConnect(address));
  if (allowed.length > 0) return allowed;
  throw Object.assign(new Error('the name leads to an address that may not be used'), { code: ADDRESS_NOT_ALLOWED });
}

/**
 * A lookup for sockets. The addresses it answers are the ones connected to, so a name that was public when it was checked
 * and leads elsewhere a moment later gets nowhere.
 */
export function createPinnedLookup(
  mayConnect: (networkAddress: string) => boolean,
  resolve: Resolve = resolveBySystem,
): LookupFunction {
  return (hostname, options, callback) => {
    allowedAddresses(hostname, mayConnect, resolve).then(
      (addresses) => {
        const [first] = addresses;
        if (options.all) callback(null, addresses);
        else callback(null, first?.address ?? '', first?.family ?? 0);
      },
      (error: unknown) => callback(error as NodeJS.ErrnoException, '', 0),
    );
  };
}
