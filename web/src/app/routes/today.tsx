import type { Appointment, Attendance } from '@daybook/http-contract/appointments';
import { Keyboard } from 'lucide-react';
import { lazy, Suspense } from 'react';
import { useTranslation } from 'react-i18next';
import { useAppointmentsBetween } from '../../features/appointments/api/list-appointments.ts';
import { AppointmentDays } from '../../features/appointments/components/appointment-days.tsx';
import { NextAppointment } from '../../features/appointments/components/next-appointment.tsx';
import { useAvailability } from '../../features/availability/api/get-availability.ts';
import { hasNoHours } from '../../features/availability/has-no-hours.ts';
import { lazyWithTexts } from '../../i18n/lazy-with-texts.ts';
import { openTool } from '../../lib/desk-tools.ts';
import { useOffline } from '../../lib/offline.ts';
import { usePractice } from '../../lib/practice.tsx';
import { describeError } from '../../lib/problem.ts';
import { addDays, formatDay, startOfDay, todayIn } from '../../lib/time.ts';
import { useNow } from '../../lib/use-now.ts';
import { Button, buttonClass } from '../../ui/button.tsx';
import { Notice } from '../../ui/notice.tsx';
import { Page } from '../../ui/page.tsx';
import { Skeleton, SkeletonList } from '../../ui/skeleton.tsx';
import { useActions } from '../use-actions.ts';
import { openAppointment, openBooking, openMove } from '../open-panels.ts';
import { SyncLine } from '../sync-line.tsx';
import { AppLink } from '../../ui/app-link.tsx';

const FirstHoursOffer = lazy(() =>
  import('../../features/availability/components/first-hours-offer.tsx').then((module) => ({
    default: module.FirstHoursOffer,
  })),
);

const UnmarkedVisits = lazy(() =>
  import('../../features/appointments/components/unmarked-visits.tsx').then((module) => ({
    default: module.UnmarkedVisits,
  })),
);

const FreeGaps = lazy(() =>
  import('../../features/appointments/components/free-gaps.tsx').then((module) => ({ default: module.FreeGaps })),
);
const NothingPlanned = lazy(() =>
  import('../nothing-planned.tsx').then((module) => ({ default: module.NothingPlanned })),
);
const ResumeGuide = lazyWithTexts(() => import('../resume-guide.tsx').then((module) => module.ResumeGuide));

const daysAhead = 14;

/** What the day holds: the next appointment, what is still free, and what comes. */
export function TodayRoute() {
  const { t } = useTranslation();
  const { timeZone, locale } = usePractice();
  const now = useNow();
  const actions = useActions();
  const readOnly = useOffline() !== undefined;
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
  const unmarked = items.filter(
    (item) => item.status === 'scheduled' && Date.parse(item.end) <= now && Date.parse(item.start) >= Date.parse(from),
  );
  const noHours = availability.data !== undefined && hasNoHours(availability.data);

  const record = (before: Appointment, attendance: Attendance) => void actions.recordAttendance(before, attendance);

  return (
    <Page
      title={t('today.title')}
      lead={
        <>
          {formatDay(today, locale)}
          <SyncLine />
        </>
      }
    >
      <div className="flex flex-col gap-6">
        {!readOnly && (
          <button
            type="button"
            aria-keyshortcuts="q"
            onClick={() => openTool('line')}
            className="touch-target flex w-full items-center gap-3 rounded-xl border border-line-strong/60 bg-card px-4 text-left text-ink-soft shadow-card transition-colors hover:border-line-strong"
          >
            <Keyboard aria-hidden className="size-5 shrink-0 text-accent" />
            <span className="font-medium text-ink">{t('today.line')}</span>
            <span className="truncate">“{t('today.lineExample')}”</span>
          </button>
        )}
        {!readOnly && availability.data !== undefined && !noHours && (
          <Suspense fallback={null}>
            <ResumeGuide />
          </Suspense>
        )}
        {appointments.isPending && (
          <>
            <Skeleton className="h-52 w-full rounded-2xl" />
            <SkeletonList rows={3} label={t('common.loading')} />
          </>
        )}
        {appointments.isError && (
          <Notice tone={appointments.data === undefined ? 'bad' : 'warn'}>
            <p>
              {describeError(appointments.error, t)}
              {appointments.data !== undefined && ` ${t('common.stale')}`}
            </p>
            <Button className="self-start" busy={appointments.isFetching} onClick={() => void appointments.refetch()}>
              {t('common.tryAgain')}
            </Button>
          </Notice>
        )}
        {next !== undefined && (
          <NextAppointment
            appointment={next}
            now={now}
            readOnly={readOnly}
            onOpen={openAppointment}
            onReschedule={openMove}
            onAttendance={record}
          />
        )}
        {!readOnly && unmarked.length > 0 && (
          <Suspense fallback={<Skeleton className="h-16 w-full rounded-xl" />}>
            <UnmarkedVisits appointments={unmarked} onAttendance={record} />
          </Suspense>
        )}
        {noHours && !readOnly && (
          <Suspense fallback={<Skeleton className="h-64 w-full" />}>
            <FirstHoursOffer
              rules={availability.data}
              otherWay={
                <>
                  <AppLink to="/hours" className={buttonClass()}>
                    {t('firstHours.other')}
                  </AppLink>
                  <AppLink to="/guide" className={buttonClass('quiet')}>
                    {t('firstHours.guide')}
                  </AppLink>
                </>
              }
            />
          </Suspense>
        )}
        {availability.data !== undefined && !readOnly && (
          <Suspense fallback={<Skeleton className="h-10 w-full" />}>
            <FreeGaps free={availability.data.free} now={now} onBook={(start) => openBooking(start)} />
          </Suspense>
        )}
        {appointments.isSuccess && items.length === 0 && !noHours && (
          <Suspense fallback={<Skeleton className="h-64 w-full" />}>
            <NothingPlanned onBook={() => openBooking()} />
          </Suspense>
        )}
        {items.length > 0 && <AppointmentDays appointments={items} now={now} onOpen={openAppointment} />}
      </div>
    </Page>
  );
}
