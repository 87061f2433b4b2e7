import type { ClosedTime } from '@daybook/http-contract/appointments';
import type { TFunction } from 'i18next';
import { formatDay } from '../../lib/time.ts';

/** Why a time is closed, and what can be done about it. */
export type ClosedWords = { reason: string; fix: string };

/** Says why nothing can start in a stretch: the rule, whose it is, and the way out. */
export function describeClosed(closed: ClosedTime, locale: string, t: TFunction): ClosedWords {
  const { rule, sourceLabel, amount } = closed;
  const label = rule === 'override' && isDay(sourceLabel) ? formatDay(sourceLabel, locale) : (sourceLabel ?? '');
  const words = { label, amount: amount ?? 0 };
  const reason = label === '' && isNamed(rule) ? t(`closed.unnamed.${rule}`, words) : t(`closed.${rule}`, words);
  const anyway = closed.overridable ? ` ${t('closedFix.anyway')}` : '';
  return { reason, fix: `${t(`closedFix.${rule}`)}${anyway}` };
}

/** The stretch that holds an instant; undefined when something can start there, or nothing is known. */
export function closedAt(stretches: readonly ClosedTime[] | undefined, instant: number): ClosedTime | undefined {
  return stretches?.find((stretch) => Date.parse(stretch.start) <= instant && Date.parse(stretch.end) > instant);
}

function isDay(text: string | undefined): text is string {
  return text !== undefined && /^\d{4}-\d{2}-\d{2}$/.test(text);
}

/** Whether the reason names what stands there. */
function isNamed(rule: ClosedTime['rule']): rule is 'override' | 'appointment' | 'block' | 'buffer' {
  return rule === 'override' || rule === 'appointment' || rule === 'block' || rule === 'buffer';
}
