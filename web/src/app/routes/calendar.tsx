import type { Block } from '@daybook/http-contract/practice';
import { Lock } from 'lucide-react';
import { useMemo, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useSearchParams } from 'react-router';
import { useAppointmentsBetween } from '../../features/appointments/api/list-appointments.ts';
import { useUpdateAppointment } from '../../features/appointments/api/update-appointment.ts';
import { useAvailability } from '../../features/availability/api/get-availability.ts';
import { hasNoHours } from '../../features/availability/has-no-hours.ts';
import { useRescheduleAppointment } from '../../features/booking/api/reschedule-appointment.ts';
import { useBlocks } from '../../features/calendar/api/list-blocks.ts';
import { daysShown, readView, stepDay } from '../../features/calendar/calendar-views.ts';
import type { CalendarViewName } from '../../features/calendar/calendar-views.ts';
import { BlockDialog, BlockedTimeDialog } from '../../features/calendar/components/block-dialogs.tsx';
import { CalendarToolbar } from '../../features/calendar/components/calendar-toolbar.tsx';
import { CalendarView } from '../../features/calendar/components/calendar-view.tsx';
import type { CalendarMove } from '../../features/calendar/components/calendar-view.tsx';
import { usePractice } from '../../lib/practice.tsx';
import { describeError } from '../../lib/problem.ts';
import { addMinutes, formatSpan, startOfDay, todayIn } from '../../lib/time.ts';
import { useIsPhone } from '../../lib/use-media-query.ts';
import { useNow } from '../../lib/use-now.ts';
import { announce } from '../../ui/announcer.tsx';
import { Button, buttonClass } from '../../ui/button.tsx';
import { Notice } from '../../ui/notice.tsx';
import { showToast } from '../../ui/toast.ts';
import { usePanels } from '../use-panels.ts';
import { AppLink } from '../../ui/app-link.tsx';

const empty = { items: [] };

/** The book itself. View and day stand in the address. */
export function CalendarRoute() {
  const { t } = useTranslation();
  const phone = useIsPhone();
  const now = useNow();
  const { timeZone, firstWeekday } = usePractice();
  const { openAppointment, openBooking } = usePanels();
  const [parameters, setParameters] = useSearchParams();
  const view = readView(parameters.get('view')) ?? (phone ? 'day' : 'week');
  const day = readDay(parameters.get('date')) ?? todayIn(timeZone);
  const [blocking, setBlocking] = useState(false);
  const [openBlock, setOpenBlock] = useState<Block>();

  const { first, last } = daysShown(view, day, firstWeekday);
  const range = { from: startOfDay(first, timeZone), to: startOfDay(last, timeZone) };
  const appointments = useAppointmentsBetween({ ...range, status: ['scheduled', 'completed', 'no_show'] });
  const availability = useAvailability(range);
  const blocks = useBlocks(range);
  const move = useMoveByHand();

  const content = useMemo(
    () => ({
      appointments: (appointments.data ?? empty).items,
      blocks: (blocks.data ?? empty).items,
      open: availability.data?.open ?? [],
    }),
    [appointments.data, blocks.data, availability.data],
  );
  const go = (next: { view?: CalendarViewName; day?: string }) =>
    setParameters((before) => {
      const after = new URLSearchParams(before);
      after.set('view', next.view ?? view);
      after.set('date', next.day ?? day);
      return after;
    });
  const failure = appointments.error ?? availability.error ?? blocks.error;

  return (
    <div className="mx-auto flex h-[calc(100dvh-11.5rem)] min-h-[28rem] w-full max-w-[96rem] flex-col md:h-[calc(100dvh-7.5rem)]">
      <title>{`${t('calendar.title')} · Daybook`}</title>
      <CalendarToolbar
        view={view}
        day={day}
        stale={appointments.isPlaceholderData || appointments.isPending}
        onView={(next) => go({ view: next })}
        onStep={(direction) => go({ day: stepDay(view, day, direction) })}
        onToday={() => go({ day: todayIn(timeZone) })}
        actions={
          <Button onClick={() => setBlocking(true)}>
            <Lock aria-hidden className="size-4" />
            <span className="sr-only md:not-sr-only">{t('calendar.block')}</span>
          </Button>
        }
      />
      {failure !== null && <Notice tone="bad">{describeError(failure, t)}</Notice>}
      {availability.data !== undefined && hasNoHours(availability.data) && (
        <Notice tone="warn" className="mb-3">
          <p>{t('calendar.noHours')}</p>
          <AppLink to="/hours" className={buttonClass('secondary', 'self-start')}>
            {t('firstHours.title')}
          </AppLink>
        </Notice>
      )}
      <CalendarView
        view={view}
        day={day}
        content={content}
        now={now}
        phone={phone}
        onPickTime={(start, minutes) => openBooking(start, minutes)}
        onPickDay={(picked) => go({ view: 'day', day: picked })}
        onOpen={(appointment) => openAppointment(appointment.id)}
        onOpenBlock={setOpenBlock}
        onMove={move}
      />
      {blocking && (
        <BlockDialog day={day < todayIn(timeZone) ? todayIn(timeZone) : day} onClose={() => setBlocking(false)} />
      )}
      {openBlock !== undefined && <BlockedTimeDialog block={openBlock} onClose={() => setOpenBlock(undefined)} />}
    </div>
  );
}

/** Sends what was dragged: a new start is a move, a new length a change. Shown at once, put back when refused, and said either way. */
function useMoveByHand(): (move: CalendarMove) => void {
  const { t } = useTranslation();
  const { timeZone, locale } = usePractice();
  const { openMove } = usePanels();
  const reschedule = useRescheduleAppointment();
  const update = useUpdateAppointment();
  return ({ appointment, start, durationMinutes, undo }) => {
    const { name } = appointment.customer;
    const sameStart = Date.parse(start) === Date.parse(appointment.start);
    const sameLength = durationMinutes === appointment.durationMinutes;
    if (sameStart && sameLength) return undo();
    const outcome = {
      onSuccess: () => {
        const span = formatSpan(start, addMinutes(start, durationMinutes, timeZone), timeZone, locale);
        const title = sameLength
          ? t('calendar.moved', { name, span })
          : t('calendar.lengthChanged', { name, count: durationMinutes });
        announce(title);
        void showToast({ title });
      },
      onError: (error: unknown) => {
        undo();
        const title = t('calendar.moveRefused', { name });
        announce(`${title}. ${describeError(error, t)}`);
        void showToast({
          title,
          description: describeError(error, t),
          tone: 'error',
          action: { label: t('details.reschedule'), run: () => openMove(appointment.id) },
        });
      },
    };
    const intent = { before: appointment, idempotencyKey: crypto.randomUUID() };
    if (sameLength) reschedule.mutate({ ...intent, body: { start } }, outcome);
    else update.mutate({ ...intent, body: { durationMinutes, ...(sameStart ? {} : { start }) } }, outcome);
  };
}

function readDay(text: string | null): string | undefined {
  if (text === null || !/^\d{4}-\d{2}-\d{2}$/.test(text)) return undefined;
  try {
    return Temporal.PlainDate.from(text).toString();
  } catch {
    return undefined;
  }
}
