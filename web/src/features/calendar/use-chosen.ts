import type { Appointment } from '@daybook/http-contract/appointments';
import { useMemo, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { announce } from '../../ui/announcer.tsx';
import { canMove } from './calendar-events.ts';
import type { CalendarEntry } from './calendar-hand.ts';

const nothing: ReadonlySet<string> = new Set();

/**
 * Appointments of the calendar that are chosen for something that is done to several. Only those to come can be; what is no longer on the
 * screen is no longer chosen.
 */
export function useChosen(appointments: readonly Appointment[] | undefined, now: number) {
  const { t } = useTranslation();
  const [ids, setIds] = useState(nothing);
  const [last, setLast] = useState<string>();
  const chosen = useMemo(
    () => (ids.size === 0 ? [] : (appointments ?? []).filter((one) => ids.has(one.id) && canMove(one, now))),
    [ids, appointments, now],
  );
  const choose = (entry: CalendarEntry, upTo: boolean) => {
    if (entry.kind === 'block' || !canMove(entry.appointment, now)) return announce(t('hand.notChosen'));
    const { id } = entry.appointment;
    const next = new Set(chosen.map((one) => one.id));
    if (upTo && last !== undefined) for (const one of between(appointments ?? [], last, id, now)) next.add(one);
    else if (!next.delete(id)) next.add(id);
    setLast(id);
    setIds(next);
    announce(t('list.chosen', { count: next.size }));
  };
  const clear = () => {
    setIds(nothing);
    setLast(undefined);
  };
  return { chosen, ids: chosen.length === 0 ? nothing : ids, choose, clear };
}

/** Ids of the appointments to come from one to another, in order of time. */
function between(appointments: readonly Appointment[], one: string, other: string, now: number): string[] {
  const order = appointments
    .filter((appointment) => canMove(appointment, now))
    .toSorted((left, right) => Date.parse(left.start) - Date.parse(right.start))
    .map(({ id }) => id);
  const places = [order.indexOf(one), order.indexOf(other)].toSorted((left, right) => left - right);
  const [first = -1, last = -1] = places;
  return first < 0 ? [other] : order.slice(first, last + 1);
}
