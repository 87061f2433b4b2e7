import type { ClosedTime } from '@daybook/http-contract/appointments';
import { useState } from 'react';
import type { KeyboardEvent, RefObject } from 'react';
import { useTranslation } from 'react-i18next';
import { usePractice } from '../../lib/practice.tsx';
import { dayOf, formatDay, formatTime } from '../../lib/time.ts';
import { useLatest } from '../../lib/use-latest.ts';
import { announce } from '../../ui/announcer.tsx';
import { canMove } from './calendar-events.ts';
import type { CalendarContent } from './calendar-events.ts';
import { entryId, firstPick, hasMoved, moveHand, providerOf, takeUp } from './calendar-hand.ts';
import type { CalendarEntry, CalendarHand } from './calendar-hand.ts';
import type { CalendarViewName } from './calendar-views.ts';
import { closedAt, describeClosed } from './describe-closed.ts';
import { findClash } from './find-clash.ts';

const arrows: Readonly<Record<string, 'up' | 'down' | 'left' | 'right'>> = {
  ArrowUp: 'up',
  ArrowDown: 'down',
  ArrowLeft: 'left',
  ArrowRight: 'right',
};

/** What the keys may do and need to know. */
export type CalendarKeys = {
  view: CalendarViewName;
  day: string;
  content: CalendarContent;
  /** For whom a chosen time would be booked. */
  providerId: string | undefined;
  closed: readonly ClosedTime[] | undefined;
  now: number;
  readOnly: boolean;
  usualMinutes: number;
  /** First day inclusive, last exclusive, that are on the screen. */
  shown: { first: string; last: string };
  onShowDay: (day: string) => void;
  /** Enter on a chosen time. */
  onTakeTime: (start: string, minutes: number) => void;
  /** Space with Ctrl or Shift on an entry: chosen besides others, with Shift all from the last one on. */
  onChoose: (entry: CalendarEntry, upTo: boolean) => void;
  /** Escape with nothing in the hand. */
  onLetChosenGo: () => void;
  chosen: ReadonlySet<string>;
  /** Enter with an entry in the hand. */
  onDrop: (entry: CalendarEntry, start: string, minutes: number) => void;
};

/**
 * The keyboard's way to do what a pointer does: on the grid arrows choose a time and Enter books it; on an entry Space takes it up, arrows
 * move it, with Shift they make it longer or shorter, Enter puts it down and Escape leaves all as it was. Each step is said.
 */
export function useCalendarKeys(root: RefObject<HTMLDivElement | null>, keys: CalendarKeys) {
  const { t } = useTranslation();
  const { timeZone, locale } = usePractice();
  const [held, setHeld] = useState<{ hand: CalendarHand; view: CalendarViewName }>();
  // A hand held in a view that is no longer shown would move blindly.
  const hand = held?.view === keys.view ? held.hand : undefined;
  const setHand = (next: CalendarHand | undefined) =>
    setHeld(next === undefined ? undefined : { hand: next, view: keys.view });
  const latest = useLatest({ ...keys, hand });

  const clashOf = (held: CalendarHand) => {
    const start = Date.parse(held.start);
    const movedId = held.kind === 'hold' ? entryId(held.entry) : undefined;
    const whose = held.kind === 'hold' ? providerOf(held.entry) : keys.providerId;
    return findClash(keys.content, { start, end: start + held.minutes * 60_000 }, movedId, whose);
  };
  const say = (next: CalendarHand) => announce(describeHand(next));
  const describeHand = (next: CalendarHand): string => {
    const start = Date.parse(next.start);
    const span = { start, end: start + next.minutes * 60_000 };
    const words = {
      day: formatDay(dayOf(next.start, timeZone), locale),
      start: formatTime(next.start, timeZone, locale),
      end: formatTime(new Date(span.end).toISOString(), timeZone, locale),
      minutes: next.minutes,
    };
    const clash = clashOf(next);
    const closed = closedAt(keys.closed, start);
    const against =
      clash?.kind === 'closed' && closed !== undefined
        ? describeClosed(closed, locale, t).reason
        : clash !== undefined
          ? t(`hand.clash.${clash.kind}`, { name: 'name' in clash ? clash.name : '' })
          : '';
    if (next.kind === 'pick') {
      return [t('hand.pick', words), against === '' ? t('hand.free') : against].join(', ');
    }
    return [t('hand.place', { ...words, name: nameOf(next.entry, t('calendar.blocked')) }), against]
      .filter((part) => part !== '')
      .join('. ');
  };

  const hold = (next: CalendarHand | undefined) => {
    setHand(next);
    if (next === undefined) return;
    const day = dayOf(next.start, timeZone);
    const { shown, onShowDay } = latest.current;
    if (day < shown.first || day >= shown.last) onShowDay(day);
    root.current?.focus({ preventScroll: true });
  };
  const letGo = () => {
    const before = latest.current.hand;
    setHand(undefined);
    if (before?.kind !== 'hold') return;
    const id = entryId(before.entry);
    // At once, or a quick hand's next key would meet the grid; and again where the new time draws the entry anew.
    focusEntry(root.current, id);
    requestAnimationFrame(() => {
      if (document.activeElement === document.body) focusEntry(root.current, id);
    });
  };

  const onKeyDown = (event: KeyboardEvent<HTMLDivElement>) => {
    const { target } = event;
    if (event.altKey || !(target instanceof Element)) return;
    const done = () => {
      event.preventDefault();
      event.stopPropagation();
    };
    if (hand === undefined && event.key === ' ' && (event.ctrlKey || event.metaKey || event.shiftKey)) {
      const entry = entryOf(target, keys.content);
      if (entry === undefined) return;
      done();
      return keys.onChoose(entry, event.shiftKey);
    }
    if (event.ctrlKey || event.metaKey) return;
    const arrow = arrows[event.key];
    if (hand === undefined) {
      const entry = entryOf(target, keys.content);
      if (entry !== undefined && event.key === ' ' && !keys.readOnly) {
        done();
        if (entry.kind === 'appointment' && !canMove(entry.appointment, keys.now)) return announce(t('hand.fixed'));
        const taken = takeUp(entry, timeZone);
        hold(taken);
        announce(t('hand.taken', { place: describeHand(taken) }));
      } else if (event.key === 'Escape' && keys.chosen.size > 0) {
        done();
        keys.onLetChosenGo();
        announce(t('list.chosen', { count: 0 }));
      } else if (target === root.current && arrow !== undefined) {
        done();
        const picked = firstPick(keys.day, keys.usualMinutes, timeZone);
        hold(picked);
        say(picked);
      }
      return;
    }
    if (arrow !== undefined) {
      done();
      const next = moveBy(hand, arrow, event.shiftKey, keys.view, timeZone);
      hold(next);
      say(next);
    } else if (event.key === 'Enter' || (event.key === ' ' && hand.kind === 'hold')) {
      done();
      if (hand.kind === 'pick') {
        setHand(undefined);
        keys.onTakeTime(hand.start, hand.minutes);
      } else {
        if (hasMoved(hand)) keys.onDrop(hand.entry, hand.start, hand.minutes);
        else announce(t('hand.left'));
        letGo();
      }
    } else if (event.key === 'Escape') {
      done();
      announce(t('hand.left'));
      letGo();
    }
  };

  return { hand, clash: hand === undefined ? undefined : clashOf(hand), onKeyDown, letGo: () => setHand(undefined) };
}

/** Puts the focus on an entry of the calendar, if it is drawn. */
export function focusEntry(root: HTMLElement | null, id: string): boolean {
  const drawn = root?.querySelector<HTMLElement>(`[data-entry="${CSS.escape(id)}"]`);
  const target = drawn?.matches('[tabindex]') === true ? drawn : drawn?.querySelector<HTMLElement>('[tabindex]');
  target?.focus();
  return target !== null && target !== undefined;
}

function moveBy(
  hand: CalendarHand,
  arrow: 'up' | 'down' | 'left' | 'right',
  resize: boolean,
  view: CalendarViewName,
  zone: string,
): CalendarHand {
  if (view !== 'month' || arrow === 'left' || arrow === 'right') return moveHand(hand, arrow, zone, resize);
  // In a month a row is a week.
  let next = hand;
  for (let day = 0; day < 7; day++) next = moveHand(next, arrow === 'up' ? 'left' : 'right', zone);
  return next;
}

function entryOf(target: Element, content: CalendarContent): CalendarEntry | undefined {
  const id = target.closest<HTMLElement>('[data-entry]')?.dataset['entry'];
  if (id === undefined) return undefined;
  const block = content.blocks.find((other) => `block-${other.id}` === id);
  if (block !== undefined) return { kind: 'block', block };
  const appointment = content.appointments.find((other) => other.id === id);
  return appointment === undefined ? undefined : { kind: 'appointment', appointment };
}

function nameOf(entry: CalendarEntry, blocked: string): string {
  if (entry.kind === 'appointment') return entry.appointment.customer.name;
  return entry.block.title === '' ? blocked : entry.block.title;
}
