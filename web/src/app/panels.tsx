import { Suspense } from 'react';
import { useTranslation } from 'react-i18next';
import { lazyWithTexts } from '../i18n/lazy-with-texts.ts';
import { useOffline } from '../lib/offline.ts';
import { usePractice } from '../lib/practice.tsx';
import { dayOf, formatSpan, nowIn, todayIn, wallTimeOf } from '../lib/time.ts';
import { useNow } from '../lib/use-now.ts';
import { announce } from '../ui/announcer.tsx';
import { showToast } from '../ui/toast.ts';
import { useActions } from './use-actions.ts';
import { usePanels } from './use-panels.ts';

const AppointmentPanel = lazyWithTexts(() =>
  import('../features/appointments/components/appointment-panel.tsx').then((module) => module.AppointmentPanel),
);
const BookDialog = lazyWithTexts(() =>
  import('../features/booking/components/book-dialog.tsx').then((module) => module.BookDialog),
);
const MoveDialog = lazyWithTexts(() => import('./move-dialog.tsx').then((module) => module.MoveDialog));

/** Fetches what is opened most, while nothing else happens. */
export function preloadPanels(): Promise<unknown> {
  return Promise.allSettled([AppointmentPanel.preload(), BookDialog.preload()]);
}

/** Whatever the address says is open over the screen. */
export function Panels() {
  const { t } = useTranslation();
  const panels = usePanels();
  const now = useNow();
  const { timeZone, locale } = usePractice();
  const actions = useActions();
  const offline = useOffline() !== undefined;
  const tell = (title: string, description: string) => {
    announce(`${title}: ${description}`);
    void showToast({ title, description });
    panels.close();
  };
  return (
    <Suspense fallback={null}>
      {panels.appointment !== undefined && (
        <AppointmentPanel
          key={`${panels.appointment} ${panels.askCancel}`}
          id={panels.appointment}
          now={now}
          askCancel={panels.askCancel}
          readOnly={offline}
          onReschedule={panels.openMove}
          onCancelled={(cancelled) => {
            void actions.offerRestore(cancelled);
            panels.close();
          }}
          onRestore={(cancelled) => void actions.restore(cancelled)}
          onAttendance={(before, attendance) => void actions.recordAttendance(before, attendance)}
          onClose={panels.close}
        />
      )}
      {panels.move !== undefined && (
        <MoveDialog
          id={panels.move}
          onClose={panels.close}
          onMoved={(before, moved) => {
            void actions.offerMoveBack(before, moved);
            panels.close();
          }}
        />
      )}
      {panels.book !== undefined && (
        <BookDialog
          key={`${panels.book} ${panels.customer ?? ''}`}
          customerId={panels.customer}
          initial={{ ...startOf(panels.book, timeZone), durationMinutes: panels.minutes, providerId: panels.provider }}
          onClose={panels.close}
          onBooked={(booked) =>
            tell(
              t('booking.done', { name: booked.customer.name }),
              formatSpan(booked.start, booked.end, timeZone, locale),
            )
          }
        />
      )}
    </Suspense>
  );
}

/** Without a time the form begins on today with none: a guess would be booked by accident. */
function startOf(book: string, zone: string): { day: string; time: string } {
  if (Number.isNaN(Date.parse(book))) return { day: todayIn(zone), time: '' };
  const start = /^\d{4}-\d{2}-\d{2}$/.test(book) ? undefined : book;
  if (start === undefined) return { day: book < dayOf(nowIn(zone), zone) ? todayIn(zone) : book, time: '' };
  return { day: dayOf(start, zone), time: wallTimeOf(start, zone) };
}
