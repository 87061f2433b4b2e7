import { useState } from 'react';
import type { ComponentProps } from 'react';
import { useClosedTimes } from '../features/calendar/api/list-closed-times.ts';
import { CalendarGrid } from '../features/calendar/components/calendar-grid.tsx';

/** The grid of one provider, or of all together, with the reasons of what is closed once somebody points at it. */
export function CalendarSheet(
  props: Omit<ComponentProps<typeof CalendarGrid>, 'closed' | 'onWantClosed'> & {
    range: { from: string; to: string };
    /** False where several providers share the grid: a reason would be of one of them. */
    explains: boolean;
  },
) {
  const { range, explains, ...grid } = props;
  const [wanted, setWanted] = useState(false);
  const isExplained = wanted && explains && grid.view !== 'month';
  const closed = useClosedTimes(
    {
      ...range,
      durationMinutes: grid.usualMinutes,
      ...(grid.providerId === undefined ? {} : { providerId: grid.providerId }),
    },
    isExplained,
  );
  return (
    <CalendarGrid {...grid} closed={explains ? closed.data?.items : undefined} onWantClosed={() => setWanted(true)} />
  );
}
