import { homedir } from 'node:os';
import { join } from 'node:path';

/** Where what can be made again is kept between starts and between checkouts: servers that were fetched, compiled code. */
export function cacheDirectory(): string {
  return join(process.env['XDG_CACHE_HOME'] || join(homedir(), '.cache'), 'daybook');
}
