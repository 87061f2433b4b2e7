const BASE58 = '123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz';

/** One step of a small seeded generator: the next 32-bit state and a fraction in [0, 1). */
export function nextRandom(state: number): { state: number; fraction: number } {
  const next = (state + 0x6d2b79f5) >>> 0;
  let mixed = Math.imul(next ^ (next >>> 15), next | 1);
  mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
  return { state: next, fraction: ((mixed ^ (mixed >>> 14)) >>> 0) / 4294967296 };
}

/** A deterministic generator of fractions in [0, 1). */
export function createRandom(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    const step = nextRandom(state);
    state = step.state;
    return step.fraction;
  };
}

/** A booking uid: 22 characters of base 58, and the generator's state after it. */
export function makeUid(state: number): { state: number; uid: string } {
  let current = state;
  let uid = '';
  for (let i = 0; i < 22; i += 1) {
    const step = nextRandom(current);
    current = step.state;
    uid += BASE58.charAt(Math.floor(step.fraction * BASE58.length));
  }
  return { state: current, uid };
}

/** A version-4 shaped UUID from the same kind of generator, and its state afterwards. */
export function makeUuid(state: number): { state: number; uuid: string } {
  let current = state;
  const uuid = 'xxxxxxxx-xxxx-4xxx-8xxx-xxxxxxxxxxxx'.replaceAll('x', () => {
    const step = nextRandom(current);
    current = step.state;
    return Math.floor(step.fraction * 16).toString(16);
  });
  return { state: current, uuid };
}
