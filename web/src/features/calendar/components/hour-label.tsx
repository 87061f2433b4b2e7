import { usePractice } from '../../../lib/practice.tsx';
import { formatTime, formatWallTime, toInstant } from '../../../lib/time.ts';

/** The hour beside the grid, and the same moment where the second zone lives. */
export function HourLabel(props: {
  time: { milliseconds: number } | undefined;
  day: string;
  secondTimeZone: string | undefined;
}) {
  const { timeZone, locale } = usePractice();
  const hours = Math.floor((props.time?.milliseconds ?? 0) / 3_600_000);
  const wall = `${String(hours).padStart(2, '0')}:00`;
  const own = formatWallTime(wall, locale);
  if (props.secondTimeZone === undefined) return <span className="text-xs tabular-nums">{own}</span>;
  const instant = toInstant(props.day, wall, timeZone);
  return (
    <span className="grid grid-cols-2 gap-2 text-xs tabular-nums">
      <span>{own}</span>
      <span className="border-l border-line pl-2 text-ink-soft">
        {instant === undefined ? '–' : formatTime(instant, props.secondTimeZone, locale)}
      </span>
    </span>
  );
}
