import type { Appointment } from '@daybook/http-contract/appointments';

/** The value below which a share (0 to 1) of the values lies; NaN for none. */
export function percentile(values: readonly number[], share: number): number {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.ceil(share * sorted.length) - 1)] ?? NaN;
}

/** Milliseconds from our commit to the recorded acceptance there, of appointments that are in step. */
export function latencies(appointments: readonly Appointment[]): number[] {
  return appointments.flatMap(({ updatedAt, sync }) =>
    sync.syncedAt === undefined ? [] : [Math.max(0, Date.parse(sync.syncedAt) - Date.parse(updatedAt))],
  );
}

/** One line for the run's log, past jest's buffering. */
export function say(line: string): void {
  process.stdout.write(`${line}\n`);
}

/** p50, p99 and the greatest of some milliseconds, in words. */
export function describeFigures(values: readonly number[]): string {
  const [p50, p99, most] = [percentile(values, 0.5), percentile(values, 0.99), Math.max(...values)];
  return `p50 ${Math.round(p50)} ms, p99 ${Math.round(p99)} ms, most ${Math.round(most)} ms of ${values.length}`;
}

/** Fractions in [0, 1) that a seed repeats. */
export function seededRandom(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state / 4_294_967_296;
  };
}
