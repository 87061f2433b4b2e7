import type { ClosedTime } from '@daybook/http-contract/appointments';
import { useLayoutEffect, useRef } from 'react';
import type { RefObject } from 'react';
import { useTranslation } from 'react-i18next';
import { usePractice } from '../../../lib/practice.tsx';
import { formatSpan } from '../../../lib/time.ts';
import { describeClosed } from '../describe-closed.ts';

type Point = { x: number; y: number };

/** Why a time cannot be booked, beside the pointer or, without one, beside the chosen time. It never catches the pointer itself. */
export function ClosedExplanation(props: {
  closed: ClosedTime;
  at: Point | undefined;
  grid: RefObject<HTMLElement | null>;
}) {
  const { closed, at, grid } = props;
  const { t } = useTranslation();
  const { timeZone, locale } = usePractice();
  const card = useRef<HTMLDivElement>(null);
  const { reason, fix } = describeClosed(closed, locale, t);
  useLayoutEffect(() => {
    if (card.current !== null) putBeside(card.current, at ?? chosenPlace(grid.current));
  });
  return (
    <div
      ref={card}
      data-testid="closed-explanation"
      className="pointer-events-none fixed z-30 w-72 animate-fade-in rounded-lg border border-line bg-card px-3 py-2 text-sm shadow-panel print:hidden"
    >
      <p className="font-medium">{reason}</p>
      <p className="text-xs text-ink-soft">{formatSpan(closed.start, closed.end, timeZone, locale)}</p>
      <p className="mt-1 text-ink-soft">{fix}</p>
    </div>
  );
}

function chosenPlace(grid: HTMLElement | null): Point {
  const box = grid?.querySelector('[data-ghost]')?.getBoundingClientRect();
  return box === undefined ? { x: 16, y: 16 } : { x: box.right - 8, y: box.top };
}

function putBeside(card: HTMLElement, { x, y }: Point): void {
  const { width, height } = card.getBoundingClientRect();
  card.style.left = `${Math.max(8, Math.min(x + 14, window.innerWidth - width - 8))}px`;
  card.style.top = `${y + 16 + height < window.innerHeight ? y + 16 : Math.max(8, y - height - 12)}px`;
}
