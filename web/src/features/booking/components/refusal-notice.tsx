import { useEffect } from 'react';
import { useTranslation } from 'react-i18next';
import { usePractice } from '../../../lib/practice.tsx';
import { canOverride, describeError, isProblem } from '../../../lib/problem.ts';
import { dayOf, formatDay, formatSpan, formatTime } from '../../../lib/time.ts';
import { useLatest } from '../../../lib/use-latest.ts';
import { Button } from '../../../ui/button.tsx';
import { Kbd } from '../../../ui/kbd.tsx';
import { Notice } from '../../../ui/notice.tsx';

/**
 * Why a time was refused, and what can be done about it in one click or one key: a near free time (1, 2, 3; with Alt while somebody
 * types), or going ahead as the owner.
 */
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
  const taken = isProblem(error, 'SLOT_TAKEN') ? error.problem : undefined;
  const nearest = taken?.nearestStarts ?? [];
  useNumberKeys(nearest, props.onPickStart);

  if (taken !== undefined) {
    const { conflict } = taken;
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
        {nearest.length === 0 ? (
          <p>{t('refusal.noneNear')}</p>
        ) : (
          <div className="flex flex-wrap items-center gap-2" role="group" aria-label={t('refusal.nearest')}>
            <span>{t('refusal.nearest')}</span>
            {nearest.map((start, index) => (
              <Button
                key={start}
                aria-keyshortcuts={`${index + 1} Alt+${index + 1}`}
                onClick={() => props.onPickStart(start)}
              >
                {dayOf(start, timeZone) === props.day ? '' : `${formatDay(dayOf(start, timeZone), locale, 'short')}, `}
                {formatTime(start, timeZone, locale)}
                <Kbd>{String(index + 1)}</Kbd>
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

/** While near times are offered, their numbers choose them. A number typed into a field stays a number. */
function useNumberKeys(nearest: readonly string[], pick: (start: string) => void): void {
  const latest = useLatest({ nearest, pick });
  const isOffered = nearest.length > 0;
  useEffect(() => {
    if (!isOffered) return;
    const onKey = (event: KeyboardEvent) => {
      if (event.ctrlKey || event.metaKey || event.defaultPrevented) return;
      const number = /^(?:Digit|Numpad)([1-9])$/.exec(event.code)?.[1] ?? (/^[1-9]$/.test(event.key) ? event.key : '');
      const start = latest.current.nearest[Number(number) - 1];
      const typing = event.target instanceof Element && event.target.matches('input, textarea, select');
      if (number === '' || start === undefined || (typing && !event.altKey)) return;
      event.preventDefault();
      latest.current.pick(start);
    };
    document.addEventListener('keydown', onKey);
    return () => document.removeEventListener('keydown', onKey);
  }, [isOffered, latest]);
}
