import { lazy, Suspense, useId, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { loadSlotPicker } from '../../../cal/load.ts';
import { usePractice } from '../../../lib/practice.tsx';
import { addDays, dayOf, formatTime, nowIn, startOfDay, todayIn, wallTimeOf, nameZone } from '../../../lib/time.ts';
import { useNow } from '../../../lib/use-now.ts';
import { TextField } from '../../../ui/field.tsx';
import { Skeleton } from '../../../ui/skeleton.tsx';
import { useSlots } from '../api/list-slots.ts';

const SlotPicker = lazy(loadSlotPicker);

/** A day and a wall time in the practice's zone, as typed or picked. */
export type ChosenTime = { day: string; time: string };

/** Chooses a time: typed, or picked from the free ones. */
export function TimeChooser(props: {
  value: ChosenTime;
  onChange: (value: ChosenTime) => void;
  durationMinutes: number | undefined;
  appointmentTypeId?: string | undefined;
  providerId?: string | undefined;
  rescheduleAppointmentId?: string;
  dayError?: string | undefined;
  timeError?: string | undefined;
}) {
  const { value, onChange } = props;
  const { t } = useTranslation();
  const practice = usePractice();
  const { timeZone, locale } = practice;
  const heading = useId();
  const now = useNow();
  const [month, setMonth] = useState(() => value.day.slice(0, 7));
  const slots = useSlots(slotsQueryOf(month, props, timeZone));
  const starts = slots.data?.slots.map((slot) => slot.start) ?? [];
  const ofDay = starts.filter((start) => dayOf(start, timeZone) === value.day);

  return (
    <div className="flex flex-col gap-4">
      <div className="grid grid-cols-2 gap-3">
        <TextField
          label={t('time.day')}
          type="date"
          value={value.day}
          error={props.dayError}
          onChange={(event) => {
            onChange({ ...value, day: event.target.value });
            if (event.target.value !== '') setMonth(event.target.value.slice(0, 7));
          }}
        />
        <TextField
          label={t('time.time')}
          inputMode="text"
          placeholder={t('time.placeholder')}
          value={value.time}
          error={props.timeError}
          onChange={(event) => onChange({ ...value, time: event.target.value })}
        />
      </div>
      <section aria-labelledby={heading} className="flex flex-col gap-2">
        <div className="flex flex-wrap items-baseline justify-between gap-x-3">
          <h3 id={heading} className="text-sm font-medium">
            {t('time.freeTimes')}
          </h3>
          <p className="text-xs text-ink-soft">{t('time.zone', { zone: nameZone(timeZone, locale, now) })}</p>
        </div>
        <Suspense fallback={<Skeleton className="h-72 w-full" />}>
          <SlotPicker
            practice={practice}
            month={month}
            onMonthChange={setMonth}
            today={todayIn(timeZone)}
            selectedDay={value.day}
            onSelectDay={(day) => onChange({ ...value, day })}
            freeDays={[...new Set(starts.map((start) => dayOf(start, timeZone)))]}
            starts={ofDay}
            selectedStart={ofDay.find((start) => wallTimeOf(start, timeZone) === value.time)}
            durationMinutes={slots.data?.durationMinutes ?? props.durationMinutes ?? 30}
            onSelectStart={(start) => onChange({ day: dayOf(start, timeZone), time: wallTimeOf(start, timeZone) })}
            // A month that has passed is not asked for, and will not come.
            loading={slots.isLoading}
          />
        </Suspense>
        <p className="sr-only" aria-live="polite">
          {slots.isSuccess &&
            t('time.freeCount', { count: ofDay.length, first: describeFirst(ofDay, timeZone, locale) })}
        </p>
      </section>
    </div>
  );
}

function describeFirst(starts: readonly string[], zone: string, locale: string): string {
  return starts[0] === undefined ? '' : formatTime(starts[0], zone, locale);
}

/** The month on the screen from now on; undefined when it has passed or no length is known. */
function slotsQueryOf(
  month: string,
  wanted: {
    durationMinutes: number | undefined;
    appointmentTypeId?: string | undefined;
    providerId?: string | undefined;
    rescheduleAppointmentId?: string;
  },
  zone: string,
) {
  const first = `${month}-01`;
  const to = startOfDay(`${addDays(first, 31).slice(0, 7)}-01`, zone);
  // The start of today keeps the key of the query still; what has passed is not offered by the gateway.
  const today = startOfDay(todayIn(zone), zone);
  const from = Date.parse(startOfDay(first, zone)) < Date.parse(today) ? today : startOfDay(first, zone);
  if (Date.parse(to) <= Date.parse(nowIn(zone))) return undefined;
  if (wanted.durationMinutes === undefined && wanted.appointmentTypeId === undefined) return undefined;
  return {
    from,
    to,
    durationMinutes: wanted.durationMinutes,
    ...(wanted.appointmentTypeId === undefined ? {} : { appointmentTypeId: wanted.appointmentTypeId }),
    ...(wanted.providerId === undefined ? {} : { providerId: wanted.providerId }),
    ...(wanted.rescheduleAppointmentId === undefined
      ? {}
      : { rescheduleAppointmentId: wanted.rescheduleAppointmentId }),
  };
}
