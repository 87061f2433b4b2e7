import { setTimeout as delay } from 'node:timers/promises';

/**
 * Calls at a fixed rate whether or not earlier calls have been answered, as people do, and measures each from the moment it
 * was due: a server that stalls is charged for everybody who would have waited.
 * @returns milliseconds, in the order of the calls
 */
export async function atRate(
  { perSecond, seconds }: { perSecond: number; seconds: number },
  call: (index: number) => Promise<unknown>,
): Promise<number[]> {
  const begun = performance.now();
  const calls: Promise<number>[] = [];
  for (let index = 0; index < perSecond * seconds; index += 1) {
    const due = begun + (index * 1000) / perSecond;
    const wait = due - performance.now();
    if (wait > 1) await delay(wait);
    calls.push(call(index).then(() => performance.now() - due));
  }
  return Promise.all(calls);
}
