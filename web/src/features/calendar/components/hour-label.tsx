import { usePractice } from '../../../lib/practice.tsx';
import { formatTime, formatWallTime, toInstant } from '../../../lib/time.ts';
import { useCalendarScene } from '../calendar-scene.ts';

/** The hour beside the grid, and the same moment where the second zone lives. */
export function HourLabel(props: { time: { milliseconds: number } | undefined }) {
  const { timeZone, locale } = usePractice();
  const { day, secondTimeZone } = useCalendarScene();
  const hours = Math.floor((props.time?.milliseconds ?? 0) / 3_600_000);
  const wall = `${String(hours).padStart(2, '0')}:00`;
  const own = formatWallTime(wall, locale);
  if (secondTimeZone === undefined) return <span className="text-xs tabular-nums">{own}</span>;
  const instant = toInstant(day, wall, timeZone);
  return (
    <span className="grid grid-cols-2 gap-2 text-xs tabular-nums">
      <span>{own}</span>
      <span className="border-l border-line pl-2 text-ink-soft">
        {instant === undefined ? '–' : formatTime(instant, secondTimeZone, locale)}
      </span>
    </span>
  );
}
