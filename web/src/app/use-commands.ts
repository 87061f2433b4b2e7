import { useTranslation } from 'react-i18next';
import { useNavigate } from 'react-router';
import { listAppointmentTypes } from '../features/booking/api/list-appointment-types.ts';
import { listSlots } from '../features/booking/api/list-slots.ts';
import type { PaletteAction } from '../features/command-palette/components/command-palette.tsx';
import type { Shortcuts } from '../features/shortcuts/use-shortcuts.ts';
import { openTool } from '../lib/desk-tools.ts';
import { useOffline } from '../lib/offline.ts';
import { usePractice } from '../lib/practice.tsx';
import { describeError } from '../lib/problem.ts';
import { runScreenCommand } from '../lib/screen-commands.ts';
import type { ScreenCommand } from '../lib/screen-commands.ts';
import { addDays, nowIn, startOfDay, todayIn } from '../lib/time.ts';
import { undoLatest } from '../lib/undo.ts';
import { showToast } from '../ui/toast.ts';
import { places } from './places.ts';
import { openBooking, openMove, openCancel, openAppointment } from './open-panels.ts';

/** A command as the sheet groups it. */
export type AppCommand = PaletteAction & { group: 'everywhere' | 'calendar' | 'appointment' };

const searchDays = 60;
const changing: ReadonlySet<string> = new Set(['line', 'book', 'free', 'undo', 'reschedule', 'cancel']);

/** Everything that can be done from anywhere: for the palette, the keys and the sheet. */
export function useCommands(): { commands: AppCommand[]; shortcuts: Shortcuts } {
  const { t } = useTranslation();
  const navigate = useNavigate();
  const { timeZone } = usePractice();
  const isOffline = useOffline() !== undefined;

  const goTo = (place: string) => void navigate(place);
  const see = (view: string) => {
    const date = new URLSearchParams(window.location.search).get('date');
    goTo(`/calendar?view=${view}${date === null ? '' : `&date=${date}`}`);
  };
  const tell = (command: ScreenCommand) => () => void runScreenCommand(command);
  const onFocused = (act: (id: string) => void) => () => {
    const id = focusedAppointment();
    if (id !== undefined) act(id);
  };
  const findFree = async () => {
    try {
      const { items } = await listAppointmentTypes();
      const to = startOfDay(addDays(todayIn(timeZone), searchDays), timeZone);
      const wish = items[0] === undefined ? { durationMinutes: 30 } : { appointmentTypeId: items[0].id };
      const { slots } = await listSlots({ from: nowIn(timeZone), to, ...wish });
      const first = slots[0];
      if (first === undefined) showToast({ title: t('commands.noneFree'), tone: 'error' });
      else openBooking(first.start);
    } catch (error) {
      showToast({ title: t('commands.free'), description: describeError(error, t), tone: 'error' });
    }
  };

  const everywhere: AppCommand[] = [
    ['palette', ['Ctrl K'], () => openTool('palette')],
    ['line', ['Q'], () => openTool('line')],
    ['book', ['C'], () => openBooking()],
    ['search', ['/'], () => openTool('palette')],
    ['today', ['T'], () => goTo(`/calendar?date=${todayIn(timeZone)}`)],
    ['goto', ['G'], () => openTool('goto')],
    ['free', ['F'], () => void findFree()],
    ['undo', ['Z'], () => void undoLatest()],
    ['sheet', ['?'], () => openTool('sheet')],
  ].map(([id, keys, run]) => command('everywhere', id as Name, keys as string[], run as () => void));
  const inCalendar: AppCommand[] = [
    ['day', ['D'], () => see('day')],
    ['week', ['W'], () => see('week')],
    ['month', ['M'], () => see('month')],
    ['agenda', ['A'], () => see('agenda')],
    ['next', ['J', '→'], tell('next-period')],
    ['previous', ['K', '←'], tell('previous-period')],
    ['nextEntry', ['N'], tell('next-entry')],
    ['previousEntry', ['P'], tell('previous-entry')],
    ['print', [], tell('print')],
  ].map(([id, keys, run]) => command('calendar', id as Name, keys as string[], run as () => void));
  const onAppointment: AppCommand[] = [
    ['open', ['Enter'], onFocused(openAppointment)],
    ['reschedule', ['R'], onFocused(openMove)],
    ['cancel', ['X'], onFocused(openCancel)],
  ].map(([id, keys, run]) => command('appointment', id as Name, keys as string[], run as () => void));
  const screens: AppCommand[] = places.map(({ to, key }) => ({
    id: `go-${key}`,
    name: t('commands.screen', { name: t(`nav.${key}`) }),
    keys: [],
    group: 'everywhere',
    run: () => goTo(to),
  }));

  type Name =
    | 'palette'
    | 'line'
    | 'book'
    | 'search'
    | 'today'
    | 'goto'
    | 'free'
    | 'undo'
    | 'sheet'
    | 'print'
    | 'open'
    | 'day'
    | 'week'
    | 'month'
    | 'agenda'
    | 'next'
    | 'previous'
    | 'nextEntry'
    | 'previousEntry'
    | 'reschedule'
    | 'cancel';
  function command(group: AppCommand['group'], id: Name, keys: string[], run: () => void): AppCommand {
    return { id, name: t(`commands.${id}`), keys, run, group };
  }

  const all = [...everywhere, ...inCalendar, ...onAppointment, ...screens];
  // Without the server nothing can be changed, and what changes something is not to be found either.
  const commands = isOffline ? all.filter(({ id }) => !changing.has(id)) : all;
  return { commands, shortcuts: shortcutsOf(commands) };
}

/** Enter opens what has the focus by itself. */
function shortcutsOf(commands: readonly AppCommand[]): Shortcuts {
  const arrows: Readonly<Record<string, string>> = { '→': 'ArrowRight', '←': 'ArrowLeft' };
  const shortcuts: Record<string, () => void> = {};
  for (const { keys, run } of commands) {
    for (const key of keys) if (key.length === 1) shortcuts[arrows[key] ?? key.toLowerCase()] = run;
  }
  return shortcuts;
}

/** The appointment that has the focus, in the calendar or in a list. */
function focusedAppointment(): string | undefined {
  const part = document.activeElement?.closest<HTMLElement>('[data-entry], [data-appointment]');
  const id = part?.dataset['appointment'] ?? part?.dataset['entry'];
  return id?.startsWith('block-') === true ? undefined : id;
}
