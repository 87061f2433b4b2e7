import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { entrySpan } from '../features/calendar/calendar-hand.ts';
import type { CalendarMove } from '../features/calendar/components/calendar-view.tsx';
import { usePractice } from '../lib/practice.tsx';
import { canOverride, describeError, isProblem } from '../lib/problem.ts';
import { addMinutes, dayOf, minutesBetween } from '../lib/time.ts';
import { announce } from '../ui/announcer.tsx';
import { showToast } from '../ui/toast.ts';
import type { RefusedMove } from './refused-move.tsx';
import type { LateActions } from './use-actions.ts';

/**
 * Sends what was put elsewhere by pointer or keys. It shows at once; what is refused goes back, and the refusal stays until it is closed
 * or another time is chosen, because it offers the nearest ones.
 */
export function useMoveByHand(actions: LateActions) {
  const { t } = useTranslation();
  const { timeZone } = usePractice();
  const [refused, setRefused] = useState<RefusedMove>();

  const refuse = (name: string, error: unknown, start: string, retry?: RefusedMove['retry']) => {
    const title = t('calendar.moveRefused', { name });
    announce(`${title}. ${describeError(error, t)}`);
    if (retry !== undefined && (isProblem(error, 'SLOT_TAKEN') || canOverride(error))) {
      setRefused({ name, error, day: dayOf(start, timeZone), retry });
    } else {
      showToast({ title: retry === undefined ? name : title, description: describeError(error, t), tone: 'error' });
    }
  };
  const send = (wanted: CalendarMove, override: boolean) => {
    setRefused(undefined);
    const { entry, start, durationMinutes, undo } = wanted;
    if (entry.kind === 'block') {
      const end = addMinutes(start, durationMinutes, timeZone);
      const { title } = entry.block;
      actions.changeBlock(entry.block, { start, end, title }).catch((error: unknown) => {
        undo();
        refuse(title === '' ? t('calendar.blocked') : title, error, start, ({ start: other }) =>
          send({ ...wanted, start: other ?? start, undo: () => undefined }, false),
        );
      });
      return;
    }
    actions.moveAppointment(entry.appointment, { start, durationMinutes }, override).catch((error: unknown) => {
      undo();
      refuse(entry.appointment.customer.name, error, start, (change) =>
        send({ ...wanted, start: change.start ?? start, undo: () => undefined }, change.override ?? false),
      );
    });
  };
  const move = (wanted: CalendarMove) => {
    const before = entrySpan(wanted.entry);
    const isSame =
      Date.parse(before.start) === Date.parse(wanted.start) &&
      minutesBetween(before.start, before.end) === wanted.durationMinutes;
    if (isSame) wanted.undo();
    else send(wanted, false);
  };
  return { move, refused, refuse, forget: () => setRefused(undefined) };
}
