import type { AppointmentHistoryEntry } from '@daybook/http-contract/appointments';
import { useTranslation } from 'react-i18next';
import { usePractice, type Reader } from '../../../lib/practice.tsx';
import { formatMoment, formatSpan } from '../../../lib/time.ts';

/** What happened to an appointment, newest first. */
export function AppointmentHistory(props: { entries: readonly AppointmentHistoryEntry[] }) {
  const { t } = useTranslation();
  const { timeZone, locale, reader } = usePractice();
  const describe = (entry: AppointmentHistoryEntry) => {
    const at = formatMoment(entry.at, timeZone, locale);
    const actor = nameActor(entry.actor, reader, t('history.service'));
    return actor === undefined ? at : t('history.by', { actor, at });
  };
  return (
    <ol className="flex flex-col gap-3 border-l border-line pl-4">
      {props.entries.toReversed().map((entry) => (
        <li key={entry.version} className="text-sm">
          <p className="font-medium">
            {t(`history.${entry.action}`)}
            {entry.override && <span className="font-normal text-warn"> · {t('history.override')}</span>}
          </p>
          {(entry.action === 'booked' || entry.action === 'rescheduled') && (
            <p>{t('history.to', { span: formatSpan(entry.start, entry.end, timeZone, locale) })}</p>
          )}
          {entry.reason !== undefined && entry.reason !== '' && <p>“{entry.reason}”</p>}
          <p className="text-ink-soft">{describe(entry)}</p>
        </li>
      ))}
    </ol>
  );
}

/** The server tells users by id; another user's name is not known here, and an id tells a reader nothing. */
function nameActor(actor: string, reader: Reader | undefined, service: string): string | undefined {
  if (actor.startsWith('service:')) return service;
  return actor === reader?.id ? reader.name : undefined;
}
