/** A half-open stretch of time `[start, end)` in epoch milliseconds; `start < end`. */
export type Interval = { readonly start: number; readonly end: number };

/**
 * Stretches of time, sorted, disjoint and not touching, so that every later algorithm may rely on it.
 * All values are epoch milliseconds; stretches are half-open.
 */
export class IntervalSet {
  /** The set that holds no time at all. */
  static readonly empty = new IntervalSet([]);

  private readonly items: readonly Interval[];

  private constructor(items: readonly Interval[]) {
    this.items = items;
  }

  /** Any stretches in any order; overlapping and touching ones merge, empty and reversed ones vanish. */
  static of(stretches: Iterable<Interval>): IntervalSet {
    const sorted = [...stretches].filter((item) => item.start < item.end).sort((a, b) => a.start - b.start);
    const merged: { start: number; end: number }[] = [];
    for (const { start, end } of sorted) {
      const last = merged.at(-1);
      if (last && start <= last.end) last.end = Math.max(last.end, end);
      else merged.push({ start, end });
    }
    return new IntervalSet(merged);
  }

  /** The stretches, ascending. */
  toArray(): readonly Interval[] {
    return this.items;
  }

  /** Whether there is no time in it. */
  get isEmpty(): boolean {
    return this.items.length === 0;
  }

  /** Time in either. */
  union(other: IntervalSet): IntervalSet {
    return IntervalSet.of([...this.items, ...other.items]);
  }

  /** Time in both, in one sweep. */
  intersect(other: IntervalSet): IntervalSet {
    const common: Interval[] = [];
    let i = 0;
    let j = 0;
    while (i < this.items.length && j < other.items.length) {
      const a = this.items[i] as Interval;
      const b = other.items[j] as Interval;
      const start = Math.max(a.start, b.start);
      const end = Math.min(a.end, b.end);
      if (start < end) common.push({ start, end });
      if (a.end < b.end) i += 1;
      else j += 1;
    }
    return new IntervalSet(common);
  }

  /** Time in this one and not in the other, in one sweep. */
  subtract(other: IntervalSet): IntervalSet {
    const rest: Interval[] = [];
    let j = 0;
    for (const item of this.items) {
      let start = item.start;
      while (j < other.items.length && (other.items[j] as Interval).end <= start) j += 1;
      for (let k = j; k < other.items.length && start < item.end; k += 1) {
        const taken = other.items[k] as Interval;
        if (taken.start >= item.end) break;
        if (taken.start > start) rest.push({ start, end: taken.start });
        start = Math.max(start, taken.end);
      }
      if (start < item.end) rest.push({ start, end: item.end });
    }
    return new IntervalSet(rest);
  }

  /** Whether the whole stretch lies inside one of ours. */
  contains(stretch: Interval): boolean {
    return this.items.some((item) => item.start <= stretch.start && stretch.end <= item.end);
  }

  /** Whether any time is shared with the stretch. */
  overlaps(stretch: Interval): boolean {
    return this.items.some((item) => item.start < stretch.end && stretch.start < item.end);
  }

  /** Milliseconds in the set. */
  get duration(): number {
    return this.items.reduce((sum, item) => sum + item.end - item.start, 0);
  }
}
