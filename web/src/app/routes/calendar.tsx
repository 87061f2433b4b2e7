import type { Block } from '@daybook/http-contract/practice';
import { Lock, Printer } from 'lucide-react';
import { useMemo, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useAppointmentsBetween } from '../../features/appointments/api/list-appointments.ts';
import { useAvailability } from '../../features/availability/api/get-availability.ts';
import { hasNoHours } from '../../features/availability/has-no-hours.ts';
import { useAppointmentTypes } from '../../features/booking/api/list-appointment-types.ts';
import { useBlocks } from '../../features/calendar/api/list-blocks.ts';
import { useClosedTimes } from '../../features/calendar/api/list-closed-times.ts';
import type { CalendarEntry } from '../../features/calendar/calendar-hand.ts';
import { daysShown, describePeriod, stepDay } from '../../features/calendar/calendar-views.ts';
import { clockChanges } from '../../features/calendar/clock-changes.ts';
import { BlockDialog } from '../../features/calendar/components/block-dialogs.tsx';
import { CalendarGrid } from '../../features/calendar/components/calendar-grid.tsx';
import { CalendarToolbar } from '../../features/calendar/components/calendar-toolbar.tsx';
import { ClockNotice } from '../../features/calendar/components/clock-notice.tsx';
import { PrintSheet } from '../../features/calendar/components/print-sheet.tsx';
import { specialDays } from '../../features/calendar/special-days.ts';
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
import { Notice } from '../../ui/notice.tsx';
import { Skeleton } from '../../ui/skeleton.tsx';
import { RefusedMoveCard } from '../refused-move.tsx';
import { useActions } from '../use-actions.ts';
import { useCalendarPlace } from '../use-calendar-place.ts';
import { useMoveByHand } from '../use-move-by-hand.ts';
import { usePanels } from '../use-panels.ts';

const empty = { items: [] };
const usualMinutes = 30;

/** The book itself. View and day stand in the address. */
export function CalendarRoute() {
  const { t } = useTranslation();
  const phone = useIsPhone();
  const now = useNow();
  const { timeZone, firstWeekday, locale } = usePractice();
  const { openAppointment, openBooking } = usePanels();
  const { view, day, go } = useCalendarPlace();
  const actions = useActions();
  const settings = usePracticeSettings();
  const offline = useOffline();
  const [blocking, setBlocking] = useState(false);
  const [dialog, setDialog] = useState<{ block?: Block }>();
  const [wantsClosed, setWantsClosed] = useState(false);

  const shown = daysShown(view, day, firstWeekday);
  const range = { from: startOfDay(shown.first, timeZone), to: startOfDay(shown.last, timeZone) };
  const appointments = useAppointmentsBetween({ ...range, status: ['scheduled', 'completed', 'no_show'] });
  const availability = useAvailability(range);
  const blocks = useBlocks(range);
  const types = useAppointmentTypes();
  const usual = types.data?.items[0]?.durationsMinutes[0] ?? usualMinutes;
  const closed = useClosedTimes({ ...range, durationMinutes: usual }, wantsClosed && view !== 'month');
  const { move, refused, forget, refuse } = useMoveByHand(actions);

  const content = useMemo(
    () => ({
      appointments: (appointments.data ?? empty).items,
      blocks: (blocks.data ?? empty).items,
      open: availability.data?.open ?? [],
      types: types.data?.items ?? [],
    }),
    [appointments.data, blocks.data, availability.data, types.data],
  );
  const special = useMemo(
    () => specialDays(availability.data?.overrides ?? [], shown.first, shown.last),
    [availability.data?.overrides, shown.first, shown.last],
  );
  const failure = appointments.error ?? availability.error ?? blocks.error;
  const isReading = appointments.isPlaceholderData || appointments.isPending;
  const isStale = failure !== null && appointments.data !== undefined;

  const take = (start: string, minutes: number | undefined) => {
    if (!blocking) return openBooking(start, minutes);
    const end = addMinutes(start, minutes ?? usual, timeZone);
    actions.block({ start, end }).catch((error: unknown) => refuse(t('block.title'), error, start));
  };
  const open = (entry: CalendarEntry) => {
    if (entry.kind === 'appointment') openAppointment(entry.appointment.id);
    else setDialog({ block: entry.block });
  };
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
            <Button
              aria-pressed={blocking}
              disabled={offline !== undefined}
              className="aria-pressed:border-accent aria-pressed:bg-accent-soft aria-pressed:text-accent"
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
      {availability.data !== undefined && hasNoHours(availability.data) && (
        <Notice tone="warn" className="mb-3 print:hidden">
          <p>{t('calendar.noHours')}</p>
          <AppLink to="/hours" className={buttonClass('secondary', 'self-start')}>
            {t('firstHours.title')}
          </AppLink>
        </Notice>
      )}
      {appointments.isPending && appointments.data === undefined && failure === null ? (
        <Skeleton className="min-h-0 w-full flex-1 rounded-xl" />
      ) : (
        <CalendarGrid
          view={view}
          day={day}
          content={content}
          specialDays={special}
          closed={closed.data?.items}
          now={now}
          phone={phone}
          readOnly={offline !== undefined}
          secondTimeZone={settings.data?.secondTimeZone}
          usualMinutes={usual}
          shown={shown}
          onWantClosed={() => setWantsClosed(true)}
          onShowDay={(next) => go({ day: next })}
          onPickTime={take}
          onChoose={take}
          onPickDay={(picked) => go({ view: 'day', day: picked })}
          onOpen={open}
          onMove={move}
        />
      )}
      <PrintSheet
        title={describePeriod(view, day, firstWeekday, locale)}
        appointments={content.appointments}
        blocks={content.blocks}
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
