/** Median and range of some figures. */
export type Summary = { median: number; minimum: number; maximum: number; values: number[] };

/** Summarises; throws on an empty list, since a figure nobody measured is none. */
export function summarize(values: readonly number[]): Summary {
  if (values.length === 0) throw new Error('nothing was measured');
  const sorted = values.toSorted((a, b) => a - b);
  return {
    median: percentile(sorted, 0.5),
    minimum: sorted[0]!,
    maximum: sorted.at(-1)!,
    values: [...values],
  };
}

/** The value below which a share of the figures lies (nearest rank). */
export function percentile(values: readonly number[], share: number): number {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.max(0, Math.ceil(share * sorted.length) - 1))]!;
}

/** "1.23 [1.10-1.40]". */
export function show(summary: Summary, digits = 2): string {
  const text = (value: number): string => value.toFixed(digits);
  return `${text(summary.median)} [${text(summary.minimum)}-${text(summary.maximum)}]`;
}
