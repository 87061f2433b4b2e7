import { dayjs } from './dayjs-setup.ts';
import { BookerStoreProvider } from '@calcom/atoms/booker/BookerStoreProvider';
import { useBookerStoreContext } from '@calcom/atoms/booker/BookerStoreProvider';
import { AvailableTimes } from '@calcom/atoms/booker/components/AvailableTimes';
import { DatePicker } from '@calcom/atoms/calendar-view/components/DatePicker';
import { useEffect, useMemo, useRef } from 'react';
import { AtomParts } from './parts.tsx';
import { addDays, formatDay } from '../lib/time.ts';

/** What the picker shows and what it reports. Days are YYYY-MM-DD in the practice's zone, starts are instants. */
export type SlotPickerProps = {
  practice: { timeZone: string; locale: string; firstWeekday: number };
  /** YYYY-MM. */
  month: string;
  onMonthChange: (month: string) => void;
  today: string;
  selectedDay: string;
  onSelectDay: (day: string) => void;
  freeDays: readonly string[];
  /** Free starts of the selected day. */
  starts: readonly string[];
  selectedStart: string | undefined;
  onSelectStart: (start: string) => void;
  durationMinutes: number;
  loading: boolean;
};

/** Days and free times of Cal.com's atoms, driven by props; asks the network for nothing. */
export function SlotPicker(props: SlotPickerProps) {
  return (
    <AtomParts className="slot-picker">
      <BookerStoreProvider>
        <Picker {...props} />
      </BookerStoreProvider>
    </AtomParts>
  );
}

function Picker(props: SlotPickerProps) {
  const { practice, month, selectedDay, freeDays } = props;
  const root = useRef<HTMLDivElement>(null);
  const setTimezone = useBookerStoreContext((store) => store.setTimezone);
  useEffect(() => setTimezone(practice.timeZone), [setTimezone, practice.timeZone]);
  useNamedDays(root, month, practice.locale);

  // Calendar days only: the zone of the browser has no part in them.
  const browsing = useMemo(() => dayjs(`${month}-01`), [month]);
  const selected = useMemo(() => (selectedDay === '' ? null : dayjs(selectedDay)), [selectedDay]);
  const earliest = props.today > `${month}-01` ? props.today : `${month}-01`;

  return (
    <div ref={root} className="grid gap-4 sm:grid-cols-[minmax(15rem,1fr)_9rem]">
      <DatePicker
        browsingDate={browsing}
        selected={selected}
        minDate={dayjs(earliest).toDate()}
        includedDates={[...freeDays]}
        locale={practice.locale}
        weekStart={practice.firstWeekday as 0 | 1 | 2 | 3 | 4 | 5 | 6}
        showNoAvailabilityDialog={false}
        showExtraDays={false}
        isLoading={props.loading}
        // The atom proposes a day by itself on every render, marked by the second argument or by null; only a person's choice counts.
        slotsViewOnSmallScreen
        onChange={(date, proposed) => {
          const day = date?.format('YYYY-MM-DD');
          if (day !== undefined && proposed !== true && day !== selectedDay) props.onSelectDay(day);
        }}
        onMonthChange={(date) => props.onMonthChange(date.format('YYYY-MM'))}
      />
      <div
        className="max-h-80 overflow-y-auto pr-1"
        role="group"
        aria-label={selectedDay === '' ? undefined : formatDay(selectedDay, practice.locale)}
      >
        <AvailableTimes
          slots={props.starts.map((time) => ({ time }))}
          event={{
            data: {
              length: props.durationMinutes,
              bookingFields: [],
              price: 0,
              currency: 'eur',
              metadata: {},
            },
          }}
          showTimeFormatToggle={false}
          {...(props.selectedStart === undefined ? {} : { selectedSlots: [props.selectedStart] })}
          customClassNames="touch-target"
          onTentativeTimeSelect={({ time }) => props.onSelectStart(time)}
        />
      </div>
    </div>
  );
}

/** The atom's day buttons read "24", or nothing while days are read; a screen reader needs the whole date, and to meet no empty ones. */
function useNamedDays(root: React.RefObject<HTMLDivElement | null>, month: string, locale: string) {
  useEffect(() => {
    for (const button of root.current?.querySelectorAll('[data-testid=day]') ?? []) {
      const number = Number.parseInt(button.textContent ?? '', 10);
      if (Number.isInteger(number))
        button.setAttribute('aria-label', formatDay(addDays(`${month}-01`, number - 1), locale));
    }
    for (const button of root.current?.querySelectorAll('button:disabled') ?? [])
      if (button.textContent === '' && !button.hasAttribute('aria-label')) button.setAttribute('aria-hidden', 'true');
  });
}
