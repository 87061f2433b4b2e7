import { useEffect, useId, useRef, useState } from 'react';
import type { ComponentProps, KeyboardEvent, PointerEvent, TouchEvent } from 'react';
import { useTranslation } from 'react-i18next';
import { usePractice } from '../../../lib/practice.tsx';
import { runScreenCommand, useScreenCommand } from '../../../lib/screen-commands.ts';
import { addMinutes, formatSpan } from '../../../lib/time.ts';
import type { CalendarHand } from '../calendar-hand.ts';
import { closedAt } from '../describe-closed.ts';
import { timeAtPoint } from '../time-at-point.ts';
import { scrollerOf, useBareScroller } from '../use-bare-scroller.ts';
import { focusEntry, useCalendarKeys } from '../use-calendar-keys.ts';
import type { CalendarKeys } from '../use-calendar-keys.ts';
import { CalendarView } from './calendar-view.tsx';
import { ClosedExplanation } from './closed-explanation.tsx';
import { HandGhost } from './hand-ghost.tsx';

const restMs = 280;
// A finger that rests longer takes time or an entry up (longPressDelay), and one movement must not do both.
const swipeMs = 350;
const swipePixels = 60;

/** The calendar with its keyboard, and the reason of whatever closed time is pointed at. */
export function CalendarGrid(
  props: Omit<ComponentProps<typeof CalendarView>, 'held'> &
    Omit<CalendarKeys, 'onDrop'> & {
      onWantClosed: () => void;
      /** Whose grid it is, where there are several. */
      name?: string | undefined;
    },
) {
  const { closed, onWantClosed, view } = props;
  const { t } = useTranslation();
  const { timeZone } = usePractice();
  const root = useRef<HTMLDivElement>(null);
  const help = useId();
  const { hand, clash, onKeyDown, letGo } = useCalendarKeys(root, {
    ...props,
    onDrop: (entry, start, durationMinutes) => props.onMove({ entry, start, durationMinutes, undo: () => undefined }),
  });
  const [pointed, setPointed] = useState<{ instant: number; at: { x: number; y: number }; where: string }>();
  const where = `${view} ${props.day}`;
  const rest = useRef<ReturnType<typeof setTimeout>>(undefined);
  const hasTimes = view === 'day' || view === 'week';

  useEffect(() => () => clearTimeout(rest.current), []);
  const { appointments, blocks } = props.content;
  const isBare = hasTimes && !props.isColumn && appointments.length === 0 && blocks.length === 0;
  useBareScroller(root, isBare, t('hand.hours'), where);
  const onPointerMove = (event: PointerEvent) => {
    clearTimeout(rest.current);
    setPointed(undefined);
    if (!hasTimes || event.pointerType === 'touch' || event.buttons !== 0) return;
    onWantClosed();
    const at = { x: event.clientX, y: event.clientY };
    const overEntry = event.target instanceof Element && event.target.closest('[data-entry]') !== null;
    if (overEntry) return;
    rest.current = setTimeout(() => {
      const start = root.current === null ? undefined : timeAtPoint(root.current, at, timeZone);
      if (start !== undefined) setPointed({ instant: Date.parse(start), at, where });
    }, restMs);
  };
  const forget = () => {
    clearTimeout(rest.current);
    setPointed(undefined);
  };

  const step = (direction: 1 | -1) => {
    const all = root.current?.closest<HTMLElement>('[data-columns]') ?? root.current;
    const ids = inOrder(all);
    if (ids.length === 0) return;
    const here = document.activeElement?.closest<HTMLElement>('[data-entry]')?.dataset['entry'];
    const place = here === undefined ? -1 : ids.indexOf(here);
    const next = place < 0 ? firstToCome(props, ids, direction) : (place + direction + ids.length) % ids.length;
    focusEntry(all, ids[next] ?? '');
  };
  useScreenCommand('next-entry', () => step(1));
  useScreenCommand('previous-entry', () => step(-1));

  const swipe = useSwipe(props.isColumn);

  const chosen = hand?.kind === 'pick' ? Date.parse(hand.start) : undefined;
  const there = pointed?.where === where ? pointed : undefined;
  const instant = chosen ?? there?.instant;
  const why = hasTimes && instant !== undefined ? closedAt(closed, instant) : undefined;
  return (
    <div
      ref={root}
      role="application"
      tabIndex={0}
      aria-label={[t('hand.grid'), props.name].filter((part) => part !== undefined).join(', ')}
      aria-describedby={help}
      data-holding={hand === undefined ? undefined : hand.kind}
      className="relative min-h-0 flex-1 rounded-xl focus-visible:outline-offset-4 print:hidden"
      onKeyDownCapture={(event) => {
        if (event.target === root.current && turnPage(event, scrollerOf(root.current))) return;
        onKeyDown(event);
      }}
      onFocus={onWantClosed}
      onBlur={(event) => {
        if (hand?.kind === 'pick' && !event.currentTarget.contains(event.relatedTarget)) letGo();
      }}
      onPointerMove={onPointerMove}
      onPointerLeave={forget}
      onPointerDown={() => {
        forget();
        letGo();
      }}
      onWheel={forget}
      {...swipe}
    >
      <p id={help} className="sr-only">
        {t('hand.help')}
      </p>
      <CalendarView {...props} held={hand?.kind === 'hold' ? hand.entry : undefined} />
      {hand !== undefined && (
        <>
          <HandGhost hand={hand} view={view} root={root} isClash={clash !== undefined} />
          <HandHint hand={hand} />
        </>
      )}
      {why !== undefined && (
        <ClosedExplanation closed={why} at={chosen === undefined ? there?.at : undefined} grid={root} />
      )}
    </div>
  );
}

/** Scrolls the hours by the keys that scroll a page. Answers whether the key was one of them. */
function turnPage(event: KeyboardEvent, hours: HTMLElement | undefined): boolean {
  const direction = { PageUp: -1, PageDown: 1 }[event.key];
  if (direction === undefined || hours === undefined || event.altKey || event.ctrlKey || event.metaKey) return false;
  event.preventDefault();
  hours.scrollBy({ top: direction * hours.clientHeight * 0.8 });
  return true;
}

/** Which keys do what while the keyboard holds something. */
function HandHint(props: { hand: CalendarHand }) {
  const { hand } = props;
  const { t } = useTranslation();
  const { timeZone, locale } = usePractice();
  return (
    <p
      aria-hidden
      className="absolute inset-x-0 bottom-3 z-20 mx-auto w-fit max-w-[92%] rounded-full border border-line bg-card px-4 py-1.5 text-center text-xs text-ink-soft shadow-panel"
    >
      <span className="font-semibold text-ink tabular-nums">
        {formatSpan(hand.start, addMinutes(hand.start, hand.minutes, timeZone), timeZone, locale)}
      </span>
      <span className="ml-3 hidden sm:inline">{t(`hand.keys.${hand.kind}`)}</span>
    </p>
  );
}

/**
 * A finger drawn quickly to the side shows the next or the previous period. Slower it drags, up and down it scrolls, and columns scroll
 * sideways themselves.
 */
function useSwipe(isOff: boolean) {
  const began = useRef<{ x: number; y: number; at: number }>(undefined);
  return {
    onTouchStart: (event: TouchEvent) => {
      const finger = event.touches.item(0);
      const isOne = finger !== null && event.touches.length === 1 && !isOff;
      began.current = isOne ? { x: finger.clientX, y: finger.clientY, at: event.timeStamp } : undefined;
    },
    onTouchEnd: (event: TouchEvent) => {
      const finger = event.changedTouches.item(0);
      if (finger === null || began.current === undefined) return;
      const { x, y, at } = began.current;
      const [across, down] = [finger.clientX - x, Math.abs(finger.clientY - y)];
      if (event.timeStamp - at > swipeMs || Math.abs(across) < swipePixels || down * 2 > Math.abs(across)) return;
      runScreenCommand(across < 0 ? 'next-period' : 'previous-period');
    },
  };
}

/** Ids of the entries on the screen in order of time. */
function inOrder(root: HTMLElement | null): string[] {
  const drawn = [...(root?.querySelectorAll<HTMLElement>('[data-entry]') ?? [])];
  return [...new Set(drawn.map((element) => element.dataset['entry'] ?? ''))];
}

function firstToCome(
  props: { content: CalendarKeys['content']; now: number },
  ids: readonly string[],
  direction: 1 | -1,
): number {
  if (direction === -1) return ids.length - 1;
  const coming = props.content.appointments.find((appointment) => Date.parse(appointment.end) > props.now);
  return Math.max(0, ids.indexOf(coming?.id ?? ''));
}
