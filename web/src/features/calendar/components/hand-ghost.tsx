import { useEffect, useLayoutEffect, useState } from 'react';
import type { RefObject } from 'react';
import { createPortal } from 'react-dom';
import { usePractice } from '../../../lib/practice.tsx';
import { dayOf, formatTimeSpan, fromDate, wallTimeOf } from '../../../lib/time.ts';
import { classNames } from '../../../ui/class-names.ts';
import type { CalendarHand } from '../calendar-hand.ts';
import type { CalendarViewName } from '../calendar-views.ts';
import { dayElement } from '../time-at-point.ts';

const dayMinutes = 1440;

/** A part of a stretch that lies on one day; minutes of that day's clock. */
type Piece = { day: string; from: number; to: number };

/**
 * What the keyboard holds, drawn where it would be put down. It hangs in the column of its day and moves there by itself, so that a key
 * does not draw the whole calendar anew.
 */
export function HandGhost(props: {
  hand: CalendarHand;
  view: CalendarViewName;
  root: RefObject<HTMLElement | null>;
  isClash: boolean;
}) {
  const { hand, view, root, isClash } = props;
  const { timeZone, locale } = usePractice();
  const end = fromDate(new Date(Date.parse(hand.start) + hand.minutes * 60_000), timeZone);
  const isByDay = view === 'month';
  const pieces = piecesOf(hand.start, end, timeZone).slice(0, isByDay ? 1 : 2);
  const [places, setPlaces] = useState<{ piece: Piece; column: HTMLElement }[]>([]);
  const wanted = JSON.stringify(pieces);

  useLayoutEffect(() => {
    const find = () => {
      const found = (JSON.parse(wanted) as Piece[]).flatMap((piece) => {
        const column = root.current === null ? undefined : dayElement(root.current, piece.day);
        return column === undefined ? [] : [{ piece, column }];
      });
      setPlaces(found);
      return found.length > 0;
    };
    if (find()) return;
    // The hand went to a week that is not drawn yet.
    const later = new MutationObserver(() => find() && later.disconnect());
    if (root.current !== null) later.observe(root.current, { subtree: true, childList: true });
    return () => later.disconnect();
  }, [wanted, root, view]);

  useEffect(() => {
    if (places.length > 0) root.current?.querySelector('[data-ghost]')?.scrollIntoView({ block: 'nearest' });
  }, [places, root]);

  const name = hand.kind === 'hold' && hand.entry.kind === 'appointment' ? hand.entry.appointment.customer.name : '';
  const text = [formatTimeSpan(hand.start, end, timeZone, locale), name].filter((part) => part !== '').join(' ');
  const look = classNames('hand-ghost', isClash && 'hand-ghost-clash');
  return places.map(({ piece, column }, index) =>
    createPortal(
      <div
        key={piece.day}
        aria-hidden
        data-ghost=""
        className={look}
        style={
          isByDay
            ? { insetBlockEnd: 2 }
            : {
                top: `${(piece.from / dayMinutes) * 100}%`,
                height: `${((piece.to - piece.from) / dayMinutes) * 100}%`,
              }
        }
      >
        {index === 0 && text}
      </div>,
      column,
      piece.day,
    ),
  );
}

function piecesOf(start: string, end: string, zone: string): Piece[] {
  const [first, last] = [dayOf(start, zone), dayOf(end, zone)];
  const [from, to] = [minutesOf(wallTimeOf(start, zone)), minutesOf(wallTimeOf(end, zone))];
  if (first === last) return [{ day: first, from, to: Math.max(to, from + 1) }];
  return [{ day: first, from, to: dayMinutes }, ...(to > 0 ? [{ day: last, from: 0, to }] : [])];
}

function minutesOf(wallTime: string): number {
  return Number(wallTime.slice(0, 2)) * 60 + Number(wallTime.slice(3, 5));
}
