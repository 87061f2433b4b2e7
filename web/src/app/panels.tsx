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
import { closePanels, openMove } from './open-panels.ts';
import type { Panel } from './open-panels.ts';

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
export function Panels(props: { panel: Panel }) {
  const { appointment, ask, move, book, customer, with: provider } = props.panel;
  const askCancel = ask === 'cancel';
  const minutes = Number(props.panel.minutes);
  const { t } = useTranslation();
  const now = useNow();
  const { timeZone, locale } = usePractice();
  const actions = useActions();
  const offline = useOffline() !== undefined;
  const tell = (title: string, description: string) => {
    announce(`${title}: ${description}`);
    void showToast({ title, description });
    closePanels();
  };
  return (
    <Suspense fallback={null}>
      {appointment !== undefined && (
        <AppointmentPanel
          key={`${appointment} ${askCancel}`}
          id={appointment}
          now={now}
          askCancel={askCancel}
          readOnly={offline}
          onReschedule={openMove}
          onCancelled={(cancelled) => {
            void actions.offerRestore(cancelled);
            closePanels();
          }}
          onRestore={(cancelled) => void actions.restore(cancelled)}
          onAttendance={(before, attendance) => void actions.recordAttendance(before, attendance)}
          onClose={closePanels}
        />
      )}
      {move !== undefined && (
        <MoveDialog
          id={move}
          onClose={closePanels}
          onMoved={(before, moved) => {
            void actions.offerMoveBack(before, moved);
            closePanels();
          }}
        />
      )}
      {book !== undefined && (
        <BookDialog
          key={`${book} ${customer ?? ''}`}
          customerId={customer}
          initial={{
            ...startOf(book, timeZone),
            durationMinutes: minutes > 0 ? Math.trunc(minutes) : undefined,
            providerId: provider,
          }}
          onClose={closePanels}
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
