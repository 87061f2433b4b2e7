import type { Appointment } from '@daybook/http-contract/appointments';
import type { Block } from '@daybook/http-contract/practice';
import { useEffect, useState } from 'react';
import { flushSync } from 'react-dom';
import { useTranslation } from 'react-i18next';
import { usePractice } from '../../../lib/practice.tsx';
import { dayOf, formatDay, formatTimeSpan } from '../../../lib/time.ts';

type Line = { id: string; start: string; end: string; who: string; what: string; contact: string; notes: string };

type Printed = { title: string; appointments: readonly Appointment[]; blocks: readonly Block[] };

/** The days on the screen as a sheet of paper: a table a day, nothing to click. Only printers see it, so it is made when one asks. */
export function PrintSheet(props: Printed) {
  return useIsPrinting() ? <Sheet {...props} /> : null;
}

function Sheet(props: Printed) {
  const { t } = useTranslation();
  const { timeZone, locale, providerName } = usePractice();
  const lines: Line[] = [
    ...props.appointments
      .filter((appointment) => appointment.status !== 'cancelled')
      .map((appointment) => ({
        id: appointment.id,
        start: appointment.start,
        end: appointment.end,
        who: appointment.customer.name,
        what: [
          appointment.appointmentType.name,
          appointment.status === 'scheduled' ? '' : t(`status.${appointment.status}`),
        ]
          .filter((part) => part !== '')
          .join(', '),
        contact: appointment.customer.phone ?? appointment.customer.email ?? '',
        notes: appointment.notes,
      })),
    ...props.blocks.map((block) => ({
      id: block.id,
      start: block.start,
      end: block.end,
      who: block.title === '' ? t('calendar.blocked') : block.title,
      what: '',
      contact: '',
      notes: '',
    })),
  ].toSorted((one, other) => Date.parse(one.start) - Date.parse(other.start));
  return (
    <div className="hidden text-black print:block" aria-hidden>
      <p className="text-xl font-semibold">
        {providerName} · {props.title}
      </p>
      {[...Map.groupBy(lines, (line) => dayOf(line.start, timeZone))].map(([day, ofDay]) => (
        <section key={day} className="mt-4 break-inside-avoid">
          <p className="border-b border-black pb-1 font-semibold">{formatDay(day, locale)}</p>
          <table className="w-full text-sm">
            <tbody>
              {ofDay.map((line) => (
                <tr key={line.id} className="border-b border-neutral-300 align-top">
                  <td className="w-32 py-1 tabular-nums">{formatTimeSpan(line.start, line.end, timeZone, locale)}</td>
                  <td className="py-1 pr-2 font-medium">{line.who}</td>
                  <td className="py-1 pr-2">{line.what}</td>
                  <td className="py-1 pr-2">{line.contact}</td>
                  <td className="py-1">{line.notes}</td>
                </tr>
              ))}
            </tbody>
          </table>
        </section>
      ))}
    </div>
  );
}

/** Whether the page is being printed. What is to be on paper must be drawn before the browser goes on, not in the next frame. */
function useIsPrinting(): boolean {
  const [isPrinting, setPrinting] = useState(() => window.matchMedia('print').matches);
  useEffect(() => {
    const begin = () => flushSync(() => setPrinting(true));
    const end = () => setPrinting(false);
    const media = window.matchMedia('print');
    const change = () => (media.matches ? begin() : end());
    window.addEventListener('beforeprint', begin);
    window.addEventListener('afterprint', end);
    media.addEventListener('change', change);
    return () => {
      window.removeEventListener('beforeprint', begin);
      window.removeEventListener('afterprint', end);
      media.removeEventListener('change', change);
    };
  }, []);
  return isPrinting;
}
