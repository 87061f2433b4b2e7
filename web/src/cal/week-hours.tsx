import { Plus, Trash2 } from 'lucide-react';
import { useState } from 'react';
import { Controller } from 'react-hook-form';
import type { Control } from 'react-hook-form';
import { useTranslation } from 'react-i18next';
import { usePractice } from '../lib/practice.tsx';
import { formatWallTime, readTypedTime } from '../lib/time.ts';
import { IconButton } from '../ui/button.tsx';
import { decodeWallTime, editorToday, encodeWallTime } from './availability-mapping.ts';
import type { EditorRange } from './availability-mapping.ts';
import { useCopyDay } from './copy-day.tsx';
import { WeekPaint } from './week-paint.tsx';

type Form = { schedule: EditorRange[][] };

/** The days of a week and their hours, to paint or to type: the part of the editor that is ours. Days count from Sunday, as the atoms do. */
export function WeekHours(props: { control: Control<Form>; weekStart: number }) {
  const { i18n } = useTranslation();
  const days = Array.from({ length: 7 }, (_, offset) => (props.weekStart + offset) % 7).map((day) => ({
    day,
    name: dayName(day, i18n.language),
  }));
  return (
    <Controller
      control={props.control}
      name="schedule"
      render={({ field }) => (
        <div className="divide-y divide-line">
          <WeekPaint
            days={days.map(({ day }) => day)}
            dayNames={days.map(({ day }) => dayName(day, i18n.language, 'short'))}
            schedule={field.value}
            onChange={field.onChange}
          />
          <ul className="divide-y divide-line">
            {days.map(({ day, name }) => (
              <DayRow
                key={day}
                day={day}
                name={name}
                others={days.filter((other) => other.day !== day)}
                ranges={field.value[day] ?? []}
                onChange={(ranges) => field.onChange(field.value.map((kept, index) => (index === day ? ranges : kept)))}
                onCopy={(to) =>
                  field.onChange(
                    field.value.map((kept, index) => (to.includes(index) ? [...(field.value[day] ?? [])] : kept)),
                  )
                }
              />
            ))}
          </ul>
        </div>
      )}
    />
  );
}

function DayRow(props: {
  day: number;
  name: string;
  others: readonly { day: number; name: string }[];
  ranges: readonly EditorRange[];
  onChange: (ranges: EditorRange[]) => void;
  onCopy: (days: readonly number[]) => void;
}) {
  const { day, name, ranges, onChange } = props;
  const { t } = useTranslation();
  const copy = useCopyDay({ day, name, others: props.others, onCopy: props.onCopy });
  const isOpen = ranges.length > 0;
  return (
    <li className="flex flex-wrap items-start gap-x-2 gap-y-1 px-4 py-3 sm:gap-x-4">
      <label className="flex min-h-11 w-32 items-center gap-3 font-medium sm:w-36 md:min-h-9">
        <input
          type="checkbox"
          className="size-5 accent-accent"
          checked={isOpen}
          onChange={() => onChange(isOpen ? [] : [makeRange('09:00', '17:00')])}
        />
        {name}
      </label>
      <div className="order-last flex w-full flex-col gap-2 sm:order-none sm:w-auto sm:flex-1">
        {!isOpen && <p className="flex min-h-9 items-center text-ink-soft">{t('hours.closed')}</p>}
        {ranges.map((range, index) => (
          <div
            key={index}
            className="flex flex-wrap items-center gap-1.5 sm:gap-2"
            role="group"
            aria-label={`${name} ${index + 1}`}
          >
            <TimeInput
              label={t('hours.from', { day: name })}
              instant={range.start}
              edge="start"
              onCommit={(start) => onChange(replaceAt(ranges, index, { ...range, start }))}
            />
            <span aria-hidden className="text-ink-soft">
              –
            </span>
            <TimeInput
              label={t('hours.to', { day: name })}
              instant={range.end}
              edge="end"
              onCommit={(end) => onChange(replaceAt(ranges, index, { ...range, end }))}
            />
            <IconButton
              label={t('hours.remove', { day: name })}
              onClick={() => onChange(ranges.filter((_, other) => other !== index))}
            >
              <Trash2 aria-hidden className="size-4" />
            </IconButton>
            {faultOf(ranges, index) !== undefined && (
              <p role="alert" className="w-full text-sm text-bad">
                {t(`hours.${faultOf(ranges, index) ?? 'endFirst'}`)}
              </p>
            )}
          </div>
        ))}
      </div>
      {isOpen && (
        <div className="ml-auto flex sm:gap-1">
          <IconButton label={t('hours.add', { day: name })} onClick={() => onChange([...ranges, nextRange(ranges)])}>
            <Plus aria-hidden className="size-4" />
          </IconButton>
          {copy.button}
        </div>
      )}
      {isOpen && copy.row}
    </li>
  );
}

/** A typed time. Half of one stays until the field is left, and then gives way to the last whole one. */
function TimeInput(props: { label: string; instant: Date; edge: 'start' | 'end'; onCommit: (instant: Date) => void }) {
  const { locale } = usePractice();
  const shown = formatWallTime(decodeWallTime(props.instant, props.edge), locale);
  const [draft, setDraft] = useState<string>();
  const commit = (typed: string) => {
    const isDayEnd = props.edge === 'end' && /^\s*(24|0?0)[:.h]?00\s*$/.test(typed);
    const time = isDayEnd ? '24:00' : readTypedTime(typed);
    setDraft(undefined);
    if (time === undefined) return;
    const instant = encodeWallTime(time, editorToday());
    if (instant.getTime() !== props.instant.getTime()) props.onCommit(instant);
  };
  return (
    <input
      type="text"
      inputMode="text"
      aria-label={props.label}
      className="touch-target w-22 rounded-lg border border-line-strong/60 bg-card px-1.5 text-center text-ink tabular-nums sm:w-24 hover:border-line-strong"
      value={draft ?? shown}
      onChange={(event) => setDraft(event.target.value)}
      onBlur={(event) => commit(event.target.value)}
      onKeyDown={(event) => {
        if (event.key === 'Enter') commit(event.currentTarget.value);
      }}
    />
  );
}

function makeRange(start: string, end: string): EditorRange {
  return { start: encodeWallTime(start, editorToday()), end: encodeWallTime(end, editorToday()) };
}

/** The hour after the last range, as far as the day goes. */
function nextRange(ranges: readonly EditorRange[]): EditorRange {
  const last = ranges.at(-1);
  const end = last === undefined ? '09:00' : decodeWallTime(last.end, 'end');
  const hour = Math.min(Number(end.slice(0, 2)) + 1, 22);
  const at = (value: number) => `${String(value).padStart(2, '0')}:00`;
  return makeRange(at(hour), at(hour + 1));
}

function replaceAt(ranges: readonly EditorRange[], index: number, range: EditorRange): EditorRange[] {
  return ranges.map((kept, other) => (other === index ? range : kept));
}

/** What is wrong with one of a day's ranges. */
function faultOf(ranges: readonly EditorRange[], index: number): 'endFirst' | 'overlap' | undefined {
  const decoded = ranges.map((range) => ({
    start: decodeWallTime(range.start, 'start'),
    end: decodeWallTime(range.end, 'end'),
  }));
  const own = decoded[index];
  if (own === undefined) return undefined;
  if (own.end <= own.start) return 'endFirst';
  const clashes = decoded.some((other, position) => position < index && other.start < own.end && own.start < other.end);
  return clashes ? 'overlap' : undefined;
}

function dayName(day: number, language: string, length: 'long' | 'short' = 'long'): string {
  // 4 January 1970 was a Sunday.
  return new Intl.DateTimeFormat(language, { weekday: length, timeZone: 'UTC' }).format(
    new Date(Date.UTC(1970, 0, 4 + day)),
  );
}
