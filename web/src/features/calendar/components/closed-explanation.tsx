import type { ClosedTime } from '@daybook/http-contract/appointments';
import { useTranslation } from 'react-i18next';
import { usePractice } from '../../../lib/practice.tsx';
import { formatSpan } from '../../../lib/time.ts';
import { describeClosed } from '../describe-closed.ts';

/** Why a time cannot be booked, beside the pointer or the chosen time. It never catches the pointer itself. */
export function ClosedExplanation(props: { closed: ClosedTime; at: { x: number; y: number } }) {
  const { closed, at } = props;
  const { t } = useTranslation();
  const { timeZone, locale } = usePractice();
  const { reason, fix } = describeClosed(closed, locale, t);
  const left = Math.max(8, Math.min(at.x + 14, window.innerWidth - 296));
  const below = at.y + 150 < window.innerHeight;
  return (
    <div
      data-testid="closed-explanation"
      className="pointer-events-none fixed z-30 w-72 animate-fade-in rounded-lg border border-line bg-card px-3 py-2 text-sm shadow-panel print:hidden"
      style={below ? { left, top: at.y + 16 } : { left, bottom: window.innerHeight - at.y + 12 }}
    >
      <p className="font-medium">{reason}</p>
      <p className="text-xs text-ink-soft">{formatSpan(closed.start, closed.end, timeZone, locale)}</p>
      <p className="mt-1 text-ink-soft">{fix}</p>
    </div>
  );
}
