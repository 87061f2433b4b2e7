import { useTranslation } from 'react-i18next';
import { usePractice } from '../../../lib/practice.tsx';
import { canOverride, describeError, isProblem } from '../../../lib/problem.ts';
import { dayOf, formatDay, formatSpan, formatTime } from '../../../lib/time.ts';
import { Button } from '../../../ui/button.tsx';
import { Notice } from '../../../ui/notice.tsx';

/** Why a time was refused, and what can be done about it in one click: a near free time, or going ahead as the owner. */
export function RefusalNotice(props: {
  error: unknown;
  /** The day that was asked for; near times on other days say theirs. */
  day: string;
  overrideLabel: string;
  onPickStart: (start: string) => void;
  onOverride: () => void;
}) {
  const { t } = useTranslation();
  const { timeZone, locale } = usePractice();
  const { error } = props;

  if (isProblem(error, 'SLOT_TAKEN')) {
    const { conflict, nearestStarts = [] } = error.problem;
    return (
      <Notice tone="bad" title={t('refusal.takenTitle')}>
        <p>
          {conflict === undefined
            ? t('refusal.taken')
            : t(`refusal.takenBy.${conflict.kind}`, {
                label: conflict.label ?? '',
                context: conflict.label === undefined ? 'unnamed' : '',
                span: formatSpan(conflict.start, conflict.end, timeZone, locale),
              })}
        </p>
        {nearestStarts.length === 0 ? (
          <p>{t('refusal.noneNear')}</p>
        ) : (
          <div className="flex flex-wrap items-center gap-2" role="group" aria-label={t('refusal.nearest')}>
            <span>{t('refusal.nearest')}</span>
            {nearestStarts.map((start) => (
              <Button key={start} onClick={() => props.onPickStart(start)}>
                {dayOf(start, timeZone) === props.day ? '' : `${formatDay(dayOf(start, timeZone), locale, 'short')}, `}
                {formatTime(start, timeZone, locale)}
              </Button>
            ))}
          </div>
        )}
      </Notice>
    );
  }
  if (canOverride(error)) {
    return (
      <Notice tone="warn" title={describeError(error, t)}>
        <p>{t('refusal.overrideHint')}</p>
        <Button className="self-start" onClick={props.onOverride}>
          {props.overrideLabel}
        </Button>
      </Notice>
    );
  }
  return <Notice tone="bad">{describeError(error, t)}</Notice>;
}
