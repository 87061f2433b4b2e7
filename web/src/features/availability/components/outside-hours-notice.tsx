import type { Appointment } from '@daybook/http-contract/appointments';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { usePractice } from '../../../lib/practice.tsx';
import { formatSpan } from '../../../lib/time.ts';
import { Button } from '../../../ui/button.tsx';
import { Notice } from '../../../ui/notice.tsx';

const shownAtFirst = 5;

/** Appointments the new hours do not cover, the first few at once. They stay; a person decides. */
export function OutsideHoursNotice(props: { appointments: readonly Appointment[]; onOpen: (id: string) => void }) {
  const { t } = useTranslation();
  const { timeZone, locale } = usePractice();
  const [all, setAll] = useState(false);
  const shown = all ? props.appointments : props.appointments.slice(0, shownAtFirst);
  const hidden = props.appointments.length - shown.length;
  return (
    <Notice tone="warn" title={t('availability.outside', { count: props.appointments.length })}>
      <p>{t('availability.outsideHint')}</p>
      <ul className="flex flex-col gap-1">
        {shown.map((appointment) => (
          <li key={appointment.id}>
            <button
              type="button"
              className="min-h-11 text-left font-medium underline underline-offset-2 md:min-h-0"
              onClick={() => props.onOpen(appointment.id)}
            >
              {formatSpan(appointment.start, appointment.end, timeZone, locale)}, {appointment.customer.name}
            </button>
          </li>
        ))}
      </ul>
      {hidden > 0 && (
        <Button className="self-start" onClick={() => setAll(true)}>
          {t('availability.review.more', { count: hidden })}
        </Button>
      )}
    </Notice>
  );
}
