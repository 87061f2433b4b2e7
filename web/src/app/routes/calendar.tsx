import type { Block } from '@daybook/http-contract/practice';
import { Lock, Printer } from 'lucide-react';
import { useState } from 'react';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { useAppointmentsBetween } from '../../features/appointments/api/list-appointments.ts';
import { useAvailabilities } from '../../features/availability/api/get-availability.ts';
import { hasNoHours } from '../../features/availability/has-no-hours.ts';
import { useAppointmentTypes } from '../../features/booking/api/list-appointment-types.ts';
import { useBlocks } from '../../features/calendar/api/list-blocks.ts';
import type { CalendarEntry } from '../../features/calendar/calendar-hand.ts';
import { daysShown, describePeriod, stepDay } from '../../features/calendar/calendar-views.ts';
import { clockChanges } from '../../features/calendar/clock-changes.ts';
import { BlockDialog } from '../../features/calendar/components/block-dialogs.tsx';
import { CalendarToolbar } from '../../features/calendar/components/calendar-toolbar.tsx';
import { ClockNotice } from '../../features/calendar/components/clock-notice.tsx';
import { ProviderColumns } from '../../features/calendar/components/provider-columns.tsx';
import { PrintSheet } from '../../features/calendar/components/print-sheet.tsx';
import { useChosen } from '../../features/calendar/use-chosen.ts';
import { usePracticeSettings } from '../../features/practice/api/get-practice.ts';
import { useOffline } from '../../lib/offline.ts';
import { usePractice } from '../../lib/practice.tsx';
import { describeError } from '../../lib/problem.ts';
import { useScreenCommand } from '../../lib/screen-commands.ts';
import { addMinutes, startOfDay, todayIn } from '../../lib/time.ts';
import { useIsPhone } from '../../lib/use-media-query.ts';
import { useNow } from '../../lib/use-now.ts';
import { AppLink } from '../../ui/app-link.tsx';
import { Button, buttonClass, IconButton } from '../../ui/button.tsx';
import { classNames } from '../../ui/class-names.ts';
import { controlClass } from '../../ui/field.tsx';
import { Notice } from '../../ui/notice.tsx';
import { Skeleton } from '../../ui/skeleton.tsx';
import { ChosenBar } from '../chosen-bar.tsx';
import { CalendarSheet } from '../calendar-sheet.tsx';
import { PeriodNote } from '../period-note.tsx';
import { RefusedMoveCard } from '../refused-move.tsx';
import { useSheets } from '../use-sheets.ts';
import type { Sheet } from '../use-sheets.ts';
import { useActions } from '../use-actions.ts';
import { useCalendarPlace } from '../use-calendar-place.ts';
import { useMoveByHand } from '../use-move-by-hand.ts';
import { openAppointment, openBooking } from '../open-panels.ts';

const usualMinutes = 30;

/** The book itself. View and day stand in the address. */
export function CalendarRoute() {
  const { t } = useTranslation();
  const phone = useIsPhone();
  const now = useNow();
  const { timeZone, firstWeekday, locale, providers } = usePractice();
  const { view, day, provider, go } = useCalendarPlace();
  const actions = useActions();
  const settings = usePracticeSettings();
  const offline = useOffline();
  const [blocking, setBlocking] = useState(false);
  const [dialog, setDialog] = useState<{ block?: Block }>();

  const shown = daysShown(view, day, firstWeekday);
  const range = { from: startOfDay(shown.first, timeZone), to: startOfDay(shown.last, timeZone) };
  const appointments = useAppointmentsBetween({ ...range, status: ['scheduled', 'completed', 'no_show'] });
  // One provider needs no name; of several either one is looked at, or all of them.
  const several = providers.length > 1;
  const whose = several ? providers.filter(({ id }) => provider === '' || id === provider) : [undefined];
  const isInColumns = view === 'day' && whose.length > 1;
  const availabilities = useAvailabilities(
    range,
    whose.map((one) => one?.id),
  );
  const blocks = useBlocks(range);
  const types = useAppointmentTypes();
  const usual = types.data?.items[0]?.durationsMinutes[0] ?? usualMinutes;
  const { move, refused, forget, refuse } = useMoveByHand(actions);

  const rules = availabilities.map(({ data }) => data);
  const sheets = useSheets({
    appointments: appointments.data?.items,
    blocks: blocks.data?.items,
    types: types.data?.items,
    rules,
    whose,
    isInColumns,
    shown,
  });
  const failure = appointments.error ?? availabilities.find(({ error }) => error !== null)?.error ?? blocks.error;
  const isReading = appointments.isPlaceholderData || appointments.isPending;
  const isStale = failure !== null && appointments.data !== undefined;

  const take = (start: string, minutes: number | undefined, providerId: string | undefined) => {
    if (!blocking) return openBooking(start, minutes, undefined, providerId);
    const end = addMinutes(start, minutes ?? usual, timeZone);
    actions
      .block({ start, end, ...(providerId === undefined ? {} : { providerId }) })
      .catch((error: unknown) => refuse(t('block.title'), error, start));
  };
  const open = (entry: CalendarEntry) => {
    if (entry.kind === 'appointment') openAppointment(entry.appointment.id);
    else setDialog({ block: entry.block });
  };
  const { chosen, ids: chosenIds, choose, clear } = useChosen(appointments.data?.items, now);
  useScreenCommand('previous-period', () => go({ day: stepDay(view, day, -1) }));
  useScreenCommand('next-period', () => go({ day: stepDay(view, day, 1) }));
  useScreenCommand('print', () => window.print());

  return (
    <div className="mx-auto flex h-[calc(100dvh-11.5rem)] min-h-[28rem] w-full max-w-[96rem] flex-col md:h-[calc(100dvh-7.5rem)] print:h-auto">
      <title>{`${t('calendar.title')} · Daybook`}</title>
      <CalendarToolbar
        view={view}
        day={day}
        secondTimeZone={settings.data?.secondTimeZone}
        state={isReading ? 'reading' : isStale ? 'stale' : 'fresh'}
        onView={(next) => go({ view: next })}
        onStep={(direction) => go({ day: stepDay(view, day, direction) })}
        onToday={() => go({ day: todayIn(timeZone) })}
        actions={
          <div className="flex gap-1">
            {several && (
              <select
                aria-label={t('calendar.provider')}
                className={classNames(controlClass, 'max-w-36 shrink')}
                value={provider}
                onChange={(event) => go({ provider: event.target.value })}
              >
                <option value="">{t('calendar.allProviders')}</option>
                {providers.map(({ id, name }) => (
                  <option key={id} value={id}>
                    {name}
                  </option>
                ))}
              </select>
            )}
            <Button
              aria-pressed={blocking}
              disabled={offline !== undefined}
              className="shrink-0 whitespace-nowrap aria-pressed:border-accent aria-pressed:bg-accent-soft aria-pressed:text-accent"
              onClick={() => setBlocking(!blocking)}
            >
              <Lock aria-hidden className="size-4" />
              <span className="sr-only lg:not-sr-only">{t('calendar.block')}</span>
            </Button>
            <span className="hidden md:contents">
              <IconButton label={t('calendar.print')} onClick={() => window.print()}>
                <Printer aria-hidden className="size-4" />
              </IconButton>
            </span>
          </div>
        }
      />
      {blocking && (
        <Notice tone="info" className="mb-3 print:hidden">
          <div className="flex flex-wrap items-center gap-x-3 gap-y-2">
            <p className="min-w-0 flex-1">{t(phone ? 'block.modePhone' : 'block.mode')}</p>
            <Button onClick={() => setDialog({})}>{t('block.byTimes')}</Button>
            <Button variant="quiet" onClick={() => setBlocking(false)}>
              {t('block.modeDone')}
            </Button>
          </div>
        </Notice>
      )}
      {failure !== null && offline === undefined && (
        <Notice tone="bad" className="mb-3">
          {describeError(failure, t)}
        </Notice>
      )}
      <ClockNotice changes={clockChanges(shown.first, shown.last, timeZone)} view={view} />
      {rules.every((one) => one !== undefined && hasNoHours(one)) && (
        <Notice tone="warn" className="mb-3 print:hidden">
          <p>{t('calendar.noHours')}</p>
          <AppLink to="/hours" className={buttonClass('secondary', 'self-start')}>
            {t('firstHours.title')}
          </AppLink>
        </Notice>
      )}
      {appointments.data !== undefined && !isReading && offline === undefined && (
        <PeriodNote
          view={view}
          range={range}
          appointments={appointments.data.items}
          hours={rules}
          whose={whose}
          usualMinutes={usual}
          now={now}
          onGo={(next) => go({ day: next })}
          onBook={(start, providerId) => openBooking(start, undefined, undefined, providerId)}
        />
      )}
      {appointments.isPending && appointments.data === undefined && failure === null ? (
        <Skeleton className="min-h-0 w-full flex-1 rounded-xl" />
      ) : (
        <Sheets sheets={sheets} isInColumns={isInColumns}>
          {(sheet) => (
            <CalendarSheet
              key={sheet.id}
              view={view}
              day={day}
              range={range}
              name={isInColumns ? sheet.name : undefined}
              providerId={several ? (sheet.id ?? providers[0]?.id) : undefined}
              explains={!several || sheet.id !== undefined}
              isColumn={isInColumns}
              content={sheet.content}
              specialDays={sheet.special}
              chosen={chosenIds}
              now={now}
              phone={phone}
              readOnly={offline !== undefined}
              secondTimeZone={settings.data?.secondTimeZone}
              usualMinutes={usual}
              shown={shown}
              onShowDay={(next) => go({ day: next })}
              onPickTime={(start, minutes) => take(start, minutes, sheet.id)}
              onTakeTime={(start, minutes) => take(start, minutes, sheet.id)}
              onPickDay={(picked) => go({ view: 'day', day: picked })}
              onOpen={open}
              onChoose={choose}
              onLetChosenGo={clear}
              onMove={move}
            />
          )}
        </Sheets>
      )}
      <ChosenBar chosen={chosen} readOnly={offline !== undefined} onClear={clear} />
      <PrintSheet
        title={describePeriod(view, day, firstWeekday, locale)}
        appointments={appointments.data?.items ?? []}
        blocks={blocks.data?.items ?? []}
      />
      {refused !== undefined && <RefusedMoveCard refused={refused} onClose={forget} />}
      {dialog !== undefined && (
        <BlockDialog
          day={day < todayIn(timeZone) ? todayIn(timeZone) : day}
          block={dialog.block}
          readOnly={offline !== undefined}
          onSave={(wish) =>
            dialog.block === undefined ? actions.block(wish) : actions.changeBlock(dialog.block, wish)
          }
          onFree={() => {
            if (dialog.block !== undefined) void actions.freeBlock(dialog.block);
            setDialog(undefined);
          }}
          onClose={() => setDialog(undefined)}
        />
      )}
    </div>
  );
}

/** One grid, or one beside the other for each provider. */
function Sheets(props: { sheets: readonly Sheet[]; isInColumns: boolean; children: (sheet: Sheet) => ReactNode }) {
  const { sheets, isInColumns, children } = props;
  if (!isInColumns) return sheets.map(children);
  return (
    <ProviderColumns
      columns={sheets.map((sheet) => ({ id: sheet.id ?? '', name: sheet.name, sheet: children(sheet) }))}
    />
  );
}
