import type { Appointment, AppointmentDetails, Attendance } from '@daybook/http-contract/appointments';
import { Mail, Phone, Undo2 } from 'lucide-react';
import { useState } from 'react';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { usePractice } from '../../../lib/practice.tsx';
import { describeError } from '../../../lib/problem.ts';
import { formatMoment, formatSpan } from '../../../lib/time.ts';
import { announce } from '../../../ui/announcer.tsx';
import { Button } from '../../../ui/button.tsx';
import { Dialog } from '../../../ui/dialog.tsx';
import { Notice } from '../../../ui/notice.tsx';
import { Skeleton } from '../../../ui/skeleton.tsx';
import { StatusMark } from '../../../ui/status-mark.tsx';
import { showToast } from '../../../ui/toast.ts';
import { useAppointment } from '../api/get-appointment.ts';
import { AppointmentHistory } from './appointment-history.tsx';
import { AttendanceButtons } from './attendance-buttons.tsx';
import { CancelForm } from './cancel-form.tsx';
import { EditForm } from './edit-form.tsx';
import { SyncMark } from './sync-mark.tsx';

/** What can be done with an appointment, by whoever shows the panel. */
export type PanelActions = {
  /** Begin with the question whether to cancel. */
  askCancel?: boolean;
  /** The server cannot be reached: nothing can be changed. */
  readOnly: boolean;
  onReschedule: (id: string) => void;
  onCancelled: (cancelled: Appointment) => void;
  onRestore: (cancelled: Appointment) => void;
  onAttendance: (before: Appointment, attendance: Attendance) => void;
};

/** Everything about one appointment and what can be done with it: beside the page on a desk, from below on a phone. */
export function AppointmentPanel(props: PanelActions & { id: string; now: number; onClose: () => void }) {
  const { t } = useTranslation();
  const appointment = useAppointment(props.id);
  return (
    <Dialog
      title={appointment.data?.customer.name ?? t('details.title')}
      closeLabel={t('common.close')}
      placement="panel"
      onClose={props.onClose}
    >
      {appointment.isPending && (
        <div role="status" aria-label={t('common.loading')} className="flex flex-col gap-3">
          <Skeleton className="h-7 w-64" />
          <Skeleton className="h-5 w-40" />
          <Skeleton className="h-24 w-full" />
        </div>
      )}
      {appointment.isError && appointment.data === undefined && (
        <Notice tone="bad">
          <p>{describeError(appointment.error, t)}</p>
        </Notice>
      )}
      {appointment.data !== undefined && (
        <PanelBody {...props} appointment={appointment.data} history={appointment.data.history} />
      )}
    </Dialog>
  );
}

function PanelBody(
  props: PanelActions & { appointment: Appointment; history: AppointmentDetails['history'] | undefined; now: number },
) {
  const { appointment, readOnly } = props;
  const { t } = useTranslation();
  const { timeZone, locale } = usePractice();
  const [mode, setMode] = useState<'read' | 'edit' | 'cancel'>(
    props.askCancel === true && appointment.status === 'scheduled' ? 'cancel' : 'read',
  );
  const canChange = appointment.status === 'scheduled' && !readOnly;
  const isCancelled = appointment.status === 'cancelled';
  const canRestore = isCancelled && !readOnly && Date.parse(appointment.start) > props.now;
  const tell = (title: string, detail?: string) => {
    setMode('read');
    announce(title);
    void showToast({ title, ...(detail === undefined ? {} : { description: detail }) });
  };
  if (mode === 'edit') {
    return (
      <EditForm appointment={appointment} onSaved={() => tell(t('details.saved'))} onCancel={() => setMode('read')} />
    );
  }
  return (
    <div className="flex flex-col gap-6">
      <div className="flex flex-col gap-2">
        <p className="text-lg leading-snug font-medium">
          {formatSpan(appointment.start, appointment.end, timeZone, locale)}
        </p>
        <p className="text-ink-soft">
          {appointment.appointmentType.name} · {t('common.minutes', { count: appointment.durationMinutes })}
        </p>
        <div className="flex flex-wrap items-center gap-2">
          {appointment.status !== 'scheduled' && (
            <StatusMark
              kind={appointment.status}
              word={t(`status.${appointment.status}`)}
              sentence={t(`status.${appointment.status}`)}
            />
          )}
          {appointment.status === 'scheduled' && appointment.arrivedAt !== undefined && (
            <StatusMark kind="arrived" word={t('attendance.arrived')} sentence={t('attendance.arrived')} />
          )}
          <SyncMark sync={appointment.sync} />
        </div>
        {appointment.cancellationReason !== undefined && <p>“{appointment.cancellationReason}”</p>}
      </div>

      {canChange && mode === 'read' && (
        <div className="flex flex-wrap gap-2">
          <Button variant="primary" onClick={() => props.onReschedule(appointment.id)}>
            {t('details.reschedule')}
          </Button>
          <Button onClick={() => setMode('edit')}>{t('details.edit')}</Button>
          <Button variant="danger" onClick={() => setMode('cancel')}>
            {t('cancel.title')}
          </Button>
        </div>
      )}
      {!isCancelled && !readOnly && mode === 'read' && isNear(appointment, props.now) && (
        <AttendanceButtons
          appointment={appointment}
          onRecord={(attendance) => props.onAttendance(appointment, attendance)}
        />
      )}
      {canRestore && (
        <Button className="self-start" onClick={() => props.onRestore(appointment)}>
          <Undo2 aria-hidden className="size-4" />
          {t('details.restore')}
        </Button>
      )}
      {mode === 'cancel' && !readOnly && (
        <CancelForm
          appointment={appointment}
          onKeep={() => setMode('read')}
          onCancelled={(cancelled) => {
            setMode('read');
            props.onCancelled(cancelled);
          }}
        />
      )}

      <Section title={t('details.customer')}>
        <p className="font-medium">{appointment.customer.name}</p>
        <Contact appointment={appointment} />
      </Section>
      <Section title={t('details.notes')}>
        <p className="break-words whitespace-pre-line">
          {appointment.notes === '' ? t('details.noNotes') : appointment.notes}
        </p>
      </Section>
      <Section title="Cal.com">
        <SyncStory appointment={appointment} />
      </Section>
      <Section title={t('details.history')}>
        {props.history === undefined ? (
          <Skeleton className="h-12 w-full" />
        ) : (
          <AppointmentHistory entries={props.history} />
        )}
      </Section>
    </div>
  );
}

/** Whether somebody may come or have come: from half a day before on. */
function isNear(appointment: Appointment, now: number): boolean {
  return Date.parse(appointment.start) - now < 12 * 3_600_000;
}

function Section(props: { title: string; children: ReactNode }) {
  return (
    <section className="flex flex-col gap-1.5">
      <h3 className="text-sm font-medium text-ink-soft">{props.title}</h3>
      {props.children}
    </section>
  );
}

function Contact(props: { appointment: Appointment }) {
  const { t } = useTranslation();
  const { email, phone, timeZone } = props.appointment.customer;
  const practice = usePractice();
  if (email === undefined && phone === undefined) return <p className="text-ink-soft">{t('booking.noContact')}</p>;
  const link = 'flex min-h-11 items-center gap-2 text-accent underline-offset-2 hover:underline md:min-h-0';
  return (
    <>
      {phone !== undefined && (
        <a className={link} href={`tel:${phone}`}>
          <Phone aria-hidden className="size-4" />
          {phone}
        </a>
      )}
      {email !== undefined && (
        <a className={`${link} break-all`} href={`mailto:${email}`}>
          <Mail aria-hidden className="size-4 shrink-0" />
          {email}
        </a>
      )}
      {timeZone !== undefined && timeZone !== practice.timeZone && (
        <p className="text-sm text-ink-soft">{t('details.customerZone', { zone: timeZone })}</p>
      )}
    </>
  );
}

/** How it stands with Cal.com, in a sentence, with when and why. */
function SyncStory(props: { appointment: Appointment }) {
  const { sync } = props.appointment;
  const { t } = useTranslation();
  const { timeZone, locale } = usePractice();
  return (
    <div className="flex flex-col gap-1">
      <p>{t(`sync.stories.${sync.state}`)}</p>
      {sync.lastError !== undefined && <p className="text-bad">{t('sync.lastError', { error: sync.lastError })}</p>}
      {sync.syncedAt !== undefined && (
        <p className="text-sm text-ink-soft">
          {t('sync.syncedAt', { at: formatMoment(sync.syncedAt, timeZone, locale) })}
        </p>
      )}
    </div>
  );
}
