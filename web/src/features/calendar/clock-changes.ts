/** A day on which the clocks change, and the wall times between which hours are missing or come twice. */
export type ClockChange = { day: string; direction: 'forward' | 'back'; from: string; to: string };

/** The clock changes on the days from first to last, last exclusive, in a zone. */
export function clockChanges(first: string, last: string, zone: string): ClockChange[] {
  const found: ClockChange[] = [];
  for (let day = Temporal.PlainDate.from(first); day.toString() < last; day = day.add({ days: 1 })) {
    const begin = day.toZonedDateTime(zone);
    const length = day.add({ days: 1 }).toZonedDateTime(zone).epochMilliseconds - begin.epochMilliseconds;
    if (length === 86_400_000) continue;
    const change = changeWithin(begin, length);
    if (change !== undefined) found.push({ day: day.toString(), ...change });
  }
  return found;
}

/** Halves the day until the minute of the change is found; offsets change once a day. */
function changeWithin(begin: Temporal.ZonedDateTime, length: number): Omit<ClockChange, 'day'> | undefined {
  const at = (milliseconds: number) => begin.add({ milliseconds });
  const offsetBefore = begin.offsetNanoseconds;
  let before = 0;
  let after = length;
  if (at(after).offsetNanoseconds === offsetBefore) return undefined;
  while (after - before > 60_000) {
    const middle = Math.floor((before + after) / 120_000) * 60_000;
    const between = middle <= before ? before + 60_000 : middle;
    if (at(between).offsetNanoseconds === offsetBefore) before = between;
    else after = between;
  }
  const wall = (time: Temporal.ZonedDateTime) => time.toPlainTime().toString({ smallestUnit: 'minute' });
  const shiftMinutes = (at(after).offsetNanoseconds - offsetBefore) / 60_000_000_000;
  const next = at(after);
  const jumpedFrom = next.toPlainDateTime().subtract({ minutes: shiftMinutes });
  return shiftMinutes > 0
    ? { direction: 'forward', from: jumpedFrom.toPlainTime().toString({ smallestUnit: 'minute' }), to: wall(next) }
    : { direction: 'back', from: wall(next), to: jumpedFrom.toPlainTime().toString({ smallestUnit: 'minute' }) };
}
