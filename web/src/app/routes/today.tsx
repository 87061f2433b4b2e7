import { CalendarPlus } from 'lucide-react';
import { lazy, Suspense } from 'react';
import { useTranslation } from 'react-i18next';
import { useAppointmentsBetween } from '../../features/appointments/api/list-appointments.ts';
import { AppointmentDays } from '../../features/appointments/components/appointment-days.tsx';
import { FreeGaps } from '../../features/appointments/components/free-gaps.tsx';
import { NextAppointment } from '../../features/appointments/components/next-appointment.tsx';
import { useAvailability } from '../../features/availability/api/get-availability.ts';
import { hasNoHours } from '../../features/availability/has-no-hours.ts';
import { usePractice } from '../../lib/practice.tsx';
import { describeError } from '../../lib/problem.ts';
import { addDays, formatDay, startOfDay, todayIn } from '../../lib/time.ts';
import { useNow } from '../../lib/use-now.ts';
import { Button, buttonClass } from '../../ui/button.tsx';
import { EmptyState } from '../../ui/empty-state.tsx';
import { Notice } from '../../ui/notice.tsx';
import { Page } from '../../ui/page.tsx';
import { Skeleton, SkeletonList } from '../../ui/skeleton.tsx';
import { usePanels } from '../use-panels.ts';
import { AppLink } from '../../ui/app-link.tsx';

const FirstHoursOffer = lazy(() =>
  import('../../features/availability/components/first-hours-offer.tsx').then((module) => ({
    default: module.FirstHoursOffer,
  })),
);

const daysAhead = 14;

/** What the day holds: the next appointment, what is still free, and what comes. */
export function TodayRoute() {
  const { t } = useTranslation();
  const { timeZone, locale } = usePractice();
  const now = useNow();
  const { openAppointment, openBooking, openMove } = usePanels();
  const today = todayIn(timeZone);
  const from = startOfDay(today, timeZone);
  const appointments = useAppointmentsBetween({
    from,
    to: startOfDay(addDays(today, daysAhead), timeZone),
    status: ['scheduled', 'completed', 'no_show'],
  });
  const availability = useAvailability({ from, to: startOfDay(addDays(today, 1), timeZone) });
  const items = appointments.data?.items ?? [];
  const next = items.find((item) => item.status === 'scheduled' && Date.parse(item.end) > now);
  const noHours = availability.data !== undefined && hasNoHours(availability.data);

  return (
    <Page title={t('today.title')} lead={formatDay(today, locale)}>
      <div className="flex flex-col gap-6">
        {appointments.isPending && (
          <>
            <Skeleton className="h-52 w-full rounded-2xl" />
            <SkeletonList rows={3} label={t('common.loading')} />
          </>
        )}
        {appointments.isError && (
          <Notice tone="bad">
            <p>{describeError(appointments.error, t)}</p>
            <Button className="self-start" busy={appointments.isFetching} onClick={() => void appointments.refetch()}>
              {t('common.tryAgain')}
            </Button>
          </Notice>
        )}
        {next !== undefined && (
          <NextAppointment appointment={next} now={now} onOpen={openAppointment} onReschedule={openMove} />
        )}
        {noHours && (
          <Suspense fallback={<Skeleton className="h-64 w-full" />}>
            <FirstHoursOffer
              rules={availability.data}
              otherWay={
                <AppLink to="/hours" className={buttonClass()}>
                  {t('firstHours.other')}
                </AppLink>
              }
            />
          </Suspense>
        )}
        {availability.data !== undefined && (
          <FreeGaps free={availability.data.free} now={now} onBook={(start) => openBooking(start)} />
        )}
        {appointments.isSuccess && items.length === 0 && !noHours && (
          <EmptyState
            icon={<CalendarPlus />}
            title={t('today.emptyTitle')}
            actions={
              <>
                <Button variant="primary" onClick={() => openBooking()}>
                  {t('nav.book')}
                </Button>
                <AppLink to="/calendar" className={buttonClass()}>
                  {t('today.openCalendar')}
                </AppLink>
              </>
            }
          >
            {t('today.emptyHint')}
          </EmptyState>
        )}
        {items.length > 0 && <AppointmentDays appointments={items} now={now} onOpen={openAppointment} />}
      </div>
    </Page>
  );
}
