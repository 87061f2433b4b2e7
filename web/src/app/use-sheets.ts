import type { Appointment } from '@daybook/http-contract/appointments';
import type { Availability } from '@daybook/http-contract/availability';
import type { AppointmentType, Block } from '@daybook/http-contract/practice';
import { useMemo, useState } from 'react';
import type { CalendarContent } from '../features/calendar/calendar-events.ts';
import { specialDays } from '../features/calendar/special-days.ts';

/** What one grid of the calendar shows. */
export type Sheet = {
  /** The provider alone in it; undefined when there is one in the practice, or all are in it. */
  id: string | undefined;
  name: string;
  content: CalendarContent;
  /** Days with hours of their own. */
  special: ReadonlySet<string>;
};

/**
 * Deals what was read out to the grids: one for each provider in columns, else one for whoever is looked at. The sheets stay the same
 * while nothing they show changes, since drawing them is the most costly thing the app does.
 */
export function useSheets(read: {
  appointments: readonly Appointment[] | undefined;
  blocks: readonly Block[] | undefined;
  types: readonly AppointmentType[] | undefined;
  /** The hours, one for each of `whose`. */
  rules: readonly (Availability | undefined)[];
  whose: readonly ({ id: string; name: string } | undefined)[];
  isInColumns: boolean;
  /** First day inclusive, last exclusive. */
  shown: { first: string; last: string };
}): Sheet[] {
  const { appointments, blocks, types, isInColumns } = read;
  const { first, last } = read.shown;
  const rules = useUnchanged(read.rules);
  const whose = useUnchanged(read.whose);
  return useMemo(() => {
    const groups =
      isInColumns || whose.length === 1 ? whose.map((_, index) => [index]) : [whose.map((_, index) => index)];
    return groups.map((group) => {
      const alone = group.length === 1 ? whose[group[0] ?? 0] : undefined;
      const isIn = (part: { providerId: string }) => alone === undefined || part.providerId === alone.id;
      const hours = group.flatMap((index) => rules[index] ?? []);
      return {
        id: alone?.id,
        name: alone?.name ?? '',
        content: {
          appointments: (appointments ?? []).filter(isIn),
          blocks: (blocks ?? []).filter(isIn),
          types: types ?? [],
          // What has no open time at all is closed; what has not been read yet must not look so.
          open: hours.length === 0 ? [] : [longAgo, ...hours.flatMap(({ open }) => open)],
          names:
            group.length === 1
              ? undefined
              : new Map(whose.flatMap((one): [string, string][] => (one === undefined ? [] : [[one.id, one.name]]))),
        },
        special: specialDays(
          hours.flatMap(({ overrides }) => overrides),
          first,
          last,
        ),
      };
    });
  }, [appointments, blocks, types, rules, whose, isInColumns, first, last]);
}

/** Open time outside of all that is shown: what the calendar draws as closed lies between open times. */
const longAgo = { start: '1970-01-01T00:00:00Z', end: '1970-01-01T00:01:00Z' };

/** The list given before as long as it holds the same things. */
function useUnchanged<Item>(list: readonly Item[]): readonly Item[] {
  const [kept, setKept] = useState(list);
  const isSame = kept.length === list.length && kept.every((item, index) => Object.is(item, list[index]));
  if (!isSame) setKept(list);
  return isSame ? kept : list;
}
