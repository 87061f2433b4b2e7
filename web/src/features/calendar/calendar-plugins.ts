import breezy from '@fullcalendar/react/themes/breezy';
import dayGrid from '@fullcalendar/react/daygrid';
import interaction from '@fullcalendar/react/interaction';
import list from '@fullcalendar/react/list';
import timeGrid from '@fullcalendar/react/timegrid';

type Plugin = typeof timeGrid;
type DayColumn = { key: string; range: { start: Date; end: Date }; isDisabled: boolean };
type TimeGridView = new (...given: never[]) => { buildDayCols: (...given: unknown[]) => DayColumn[] };

const entryLook = new Set([
  'eventClass',
  'blockEventClass',
  'blockEventInnerClass',
  'blockEventTimeClass',
  'blockEventTitleClass',
  'columnEventClass',
  'columnEventInnerClass',
  'columnEventTimeClass',
  'columnEventTitleClass',
]);

/** The day and week view, the month, the agenda, dragging, and a theme that leaves the look of entries to Daybook. */
export const calendarPlugins = [withoutEntryLook(breezy), withSteadyDays(timeGrid), dayGrid, list, interaction];

/**
 * FullCalendar 7.1 makes the days of a time grid anew whenever anything in it changes, because one of the things it remembers them by is
 * itself made anew each time. Every entry then counts as changed: each step of a drag drew all of them. The same days stay the same here.
 */
function withSteadyDays(plugin: Plugin): Plugin {
  const { timeGrid: view } = plugin.views as unknown as { timeGrid: { component: TimeGridView } };
  class SteadyTimeGridView extends view.component {
    constructor(...given: never[]) {
      super(...given);
      const build = this.buildDayCols;
      let days: DayColumn[] = [];
      this.buildDayCols = (...asked) => {
        const next = build(...asked);
        if (!areSameDays(days, next)) days = next;
        return days;
      };
    }
  }
  return { ...plugin, views: { ...plugin.views, timeGrid: { ...view, component: SteadyTimeGridView as never } } };
}

function areSameDays(before: readonly DayColumn[], after: readonly DayColumn[]): boolean {
  return (
    before.length === after.length &&
    before.every((day, index) => {
      const other = after[index];
      return (
        other !== undefined &&
        day.key === other.key &&
        day.isDisabled === other.isDisabled &&
        day.range.start.getTime() === other.range.start.getTime() &&
        day.range.end.getTime() === other.range.end.getTime()
      );
    })
  );
}

/** Thirty classes an entry, all of which calendar.css would overrule, are what a browser spends most of its time on. */
function withoutEntryLook(theme: Plugin): Plugin {
  const { optionDefaults = {} } = theme;
  const kept = Object.entries(optionDefaults).filter(([name]) => !entryLook.has(name));
  return { ...theme, optionDefaults: Object.fromEntries(kept) };
}
