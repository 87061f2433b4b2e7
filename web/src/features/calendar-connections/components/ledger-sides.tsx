import type { LedgerEntry } from '@daybook/http-contract/calendar-connections';
import { useTranslation } from 'react-i18next';
import { usePractice } from '../../../lib/practice.tsx';
import { addMinutes, formatMoment, formatSpan } from '../../../lib/time.ts';
import { classNames } from '../../../ui/class-names.ts';

type Side = NonNullable<LedgerEntry['ours']>;

/** What stands in Daybook and on Cal.com, side by side; where they differ the line is marked with a word's weight and a bar. */
export function LedgerSides(props: { entry: Pick<LedgerEntry, 'ours' | 'theirs' | 'externalUid'> }) {
  const { ours, theirs, externalUid } = props.entry;
  const { t } = useTranslation();
  const { timeZone, locale } = usePractice();
  const lines = (side: Side | undefined) =>
    side === undefined
      ? undefined
      : {
          who: side.customerName ?? '–',
          time:
            side.start === undefined
              ? '–'
              : side.durationMinutes === undefined
                ? formatMoment(side.start, timeZone, locale)
                : formatSpan(side.start, addMinutes(side.start, side.durationMinutes, timeZone), timeZone, locale),
          length: side.durationMinutes === undefined ? '–' : t('common.minutes', { count: side.durationMinutes }),
          status: statusWord(side.status, t),
        };
  const left = lines(ours);
  const right = lines(theirs);
  const rows = ['time', 'length', 'who', 'status'] as const;
  const absent = externalUid === undefined ? t('ledger.nothingThere') : t('ledger.notSeen');
  return (
    <div className="overflow-x-auto">
      <table className="w-full min-w-64 table-fixed text-sm">
        <thead>
          <tr className="text-left text-ink-soft">
            <th scope="col" className="w-16 py-1 pr-2 font-medium sm:w-24">
              <span className="sr-only">{t('ledger.details')}</span>
            </th>
            <th scope="col" className="py-1 pr-2 font-medium">
              {t('ledger.ours')}
            </th>
            <th scope="col" className="py-1 font-medium">
              {t('ledger.theirs')}
            </th>
          </tr>
        </thead>
        <tbody>
          {rows.map((row, index) => {
            const differs =
              left !== undefined &&
              right !== undefined &&
              left[row] !== right[row] &&
              right[row] !== '–' &&
              row !== 'who';
            return (
              <tr key={row} className="border-t border-line align-top">
                <th scope="row" className="py-1.5 pr-2 text-left font-normal break-words text-ink-soft">
                  {t(`ledger.${row}`)}
                </th>
                <td className={cell(differs)}>{left?.[row] ?? (index === 0 ? t('ledger.nothingThere') : '')}</td>
                <td className={cell(differs)}>{right?.[row] ?? (index === 0 ? absent : '')}</td>
              </tr>
            );
          })}
        </tbody>
      </table>
    </div>
  );
}

function cell(differs: boolean): string {
  return classNames('py-1.5 pr-2 break-words', differs && 'font-semibold text-odd');
}

function statusWord(status: string, t: ReturnType<typeof useTranslation>['t']): string {
  if (status === 'scheduled' || status === 'completed' || status === 'no_show') return t(`status.${status}`);
  if (status === 'accepted' || status === 'cancelled' || status === 'pending' || status === 'rejected')
    return t(`ledger.statuses.${status}`);
  return status;
}
