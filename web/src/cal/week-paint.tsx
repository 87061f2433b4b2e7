import { useRef, useState } from 'react';
import type { PointerEvent } from 'react';
import { useTranslation } from 'react-i18next';
import { usePractice } from '../lib/practice.tsx';
import { formatWallTime } from '../lib/time.ts';
import { classNames } from '../ui/class-names.ts';
import { decodeWallTime, editorToday, encodeWallTime } from './availability-mapping.ts';
import type { EditorRange } from './availability-mapping.ts';

const stepMinutes = 30;
const dayMinutes = 1440;

type Stroke = { open: boolean; from: Cell; to: Cell };
type Cell = { column: number; row: number };

/**
 * The week as a picture to paint on with the mouse: over closed time it opens, over open time it closes, in half hours. For pointers
 * only; whatever it does the fields of each day do too, so readers and keyboards miss nothing.
 */
export function WeekPaint(props: {
  /** Days in the order shown, counted from Sunday. */
  days: readonly number[];
  dayNames: readonly string[];
  schedule: readonly (readonly EditorRange[])[];
  onChange: (schedule: EditorRange[][]) => void;
}) {
  const { t } = useTranslation();
  const { locale } = usePractice();
  const { days, schedule } = props;
  const grid = useRef<HTMLDivElement>(null);
  const [stroke, setStroke] = useState<Stroke>();
  const open = days.map((day) => (schedule[day] ?? []).map(toMinutes));
  const [first, last] = shownSpan(open.flat());
  const rows = (last - first) / stepMinutes;

  const cellAt = (event: PointerEvent): Cell | undefined => {
    const box = grid.current?.getBoundingClientRect();
    if (box === undefined || box.width === 0) return undefined;
    const column = Math.floor(((event.clientX - box.left) / box.width) * days.length);
    const row = Math.floor(((event.clientY - box.top) / box.height) * rows);
    return { column: clamp(column, days.length - 1), row: clamp(row, rows - 1) };
  };
  const begin = (event: PointerEvent<HTMLDivElement>) => {
    const cell = event.button === 0 ? cellAt(event) : undefined;
    if (cell === undefined) return;
    event.currentTarget.setPointerCapture(event.pointerId);
    const at = first + cell.row * stepMinutes;
    const isOpen = open[cell.column]?.some((span) => span.start <= at && at < span.end) ?? false;
    setStroke({ open: !isOpen, from: cell, to: cell });
  };
  const extend = (event: PointerEvent) => {
    const cell = stroke && cellAt(event);
    if (stroke !== undefined && cell !== undefined) setStroke({ ...stroke, to: cell });
  };
  const finish = () => {
    if (stroke === undefined) return;
    const span = spanOf(stroke, first);
    const columns = columnsOf(stroke);
    props.onChange(
      schedule.map((ranges, day) => {
        const column = days.indexOf(day);
        if (column < columns.first || column > columns.last) return [...ranges];
        return paint(ranges.map(toMinutes), span, stroke.open).map(toRange);
      }),
    );
    setStroke(undefined);
  };
  const place = (span: { start: number; end: number }) => ({
    top: `${((Math.max(span.start, first) - first) / (last - first)) * 100}%`,
    height: `${((Math.min(span.end, last) - Math.max(span.start, first)) / (last - first)) * 100}%`,
  });
  const hours = Array.from({ length: Math.floor((last - first) / 120) + 1 }, (_, index) => first + index * 120);

  return (
    <div aria-hidden className="hidden select-none px-4 pt-4 pb-3 md:block">
      <div className="flex gap-2">
        <div className="relative mt-6 w-14 text-right text-[0.6875rem] text-ink-soft tabular-nums">
          {hours.map((minutes) => (
            <span
              key={minutes}
              className="absolute right-0 -translate-y-1/2"
              style={{ top: `${((minutes - first) / (last - first)) * 100}%` }}
            >
              {formatWallTime(toTime(minutes), locale)}
            </span>
          ))}
        </div>
        <div className="flex-1">
          <div className="flex h-6 text-xs font-medium text-ink-soft">
            {props.dayNames.map((name) => (
              <span key={name} className="flex-1 truncate text-center">
                {name}
              </span>
            ))}
          </div>
          <div
            ref={grid}
            data-testid="week-paint"
            className="relative flex h-72 cursor-crosshair touch-none overflow-hidden rounded-lg border border-line bg-sunken"
            onPointerDown={begin}
            onPointerMove={extend}
            onPointerUp={finish}
            onPointerCancel={() => setStroke(undefined)}
          >
            {open.map((spans, column) => (
              <div key={days[column]} className="relative flex-1 border-l border-line first:border-l-0">
                {spans.map((span) => (
                  <div
                    key={span.start}
                    className="absolute inset-x-0.5 rounded-md border border-accent/40 bg-accent-soft"
                    style={place(span)}
                  />
                ))}
                {stroke !== undefined && isWithin(column, stroke) && (
                  <div
                    className={classNames(
                      'absolute inset-x-0.5 rounded-md border-2 border-dashed',
                      stroke.open ? 'border-accent bg-accent/25' : 'border-bad bg-bad-soft/80',
                    )}
                    style={place(spanOf(stroke, first))}
                  />
                )}
              </div>
            ))}
          </div>
        </div>
      </div>
      <p className="mt-2 pl-16 text-xs text-ink-soft">{t('hours.paint')}</p>
    </div>
  );
}

type Span = { start: number; end: number };

/** Spans with one opened or closed: sorted, apart from each other. */
export function paint(spans: readonly Span[], span: Span, open: boolean): Span[] {
  const apart = spans.flatMap(({ start, end }) => [
    { start, end: Math.min(end, span.start) },
    { start: Math.max(start, span.end), end },
  ]);
  const kept = apart.filter(({ start, end }) => end > start);
  if (!open) return kept.sort((a, b) => a.start - b.start);
  const joined: Span[] = [];
  for (const next of [...kept, span].sort((a, b) => a.start - b.start)) {
    const before = joined.at(-1);
    if (before !== undefined && before.end >= next.start) before.end = Math.max(before.end, next.end);
    else joined.push({ ...next });
  }
  return joined;
}

/** From six to ten in the evening, and further where somebody works earlier or later; whole two hours. */
function shownSpan(spans: readonly Span[]): [number, number] {
  const start = Math.min(360, ...spans.map((span) => span.start));
  const end = Math.max(1320, ...spans.map((span) => span.end));
  return [Math.floor(start / 120) * 120, Math.min(dayMinutes, Math.ceil(end / 120) * 120)];
}

function columnsOf({ from, to }: Stroke) {
  return { first: Math.min(from.column, to.column), last: Math.max(from.column, to.column) };
}

function isWithin(column: number, stroke: Stroke): boolean {
  const { first, last } = columnsOf(stroke);
  return column >= first && column <= last;
}

function spanOf({ from, to }: Stroke, first: number): Span {
  const top = Math.min(from.row, to.row);
  const bottom = Math.max(from.row, to.row);
  return { start: first + top * stepMinutes, end: first + (bottom + 1) * stepMinutes };
}

function toMinutes(range: EditorRange): Span {
  return { start: minutesOf(decodeWallTime(range.start, 'start')), end: minutesOf(decodeWallTime(range.end, 'end')) };
}

function toRange({ start, end }: Span): EditorRange {
  return { start: encodeWallTime(toTime(start), editorToday()), end: encodeWallTime(toTime(end), editorToday()) };
}

function minutesOf(time: string): number {
  return Number(time.slice(0, 2)) * 60 + Number(time.slice(3));
}

function toTime(minutes: number): string {
  const two = (value: number) => String(value).padStart(2, '0');
  return `${two(Math.floor(minutes / 60))}:${two(minutes % 60)}`;
}

function clamp(value: number, most: number): number {
  return Math.min(Math.max(value, 0), most);
}
