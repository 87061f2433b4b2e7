import { lazy, Suspense, useEffect } from 'react';
import { useTranslation } from 'react-i18next';
import { useNavigate } from 'react-router';
import { useShortcuts } from '../features/shortcuts/use-shortcuts.ts';
import { currentLanguage } from '../i18n/setup.ts';
import { loadDateReader } from '../lib/date-words.ts';
import { openTool, useOpenTool } from '../lib/desk-tools.ts';
import { usePractice } from '../lib/practice.tsx';
import { formatSpan } from '../lib/time.ts';
import { announce } from '../ui/announcer.tsx';
import { showToast } from '../ui/toast.ts';
import { useCommands } from './use-commands.ts';
import type { AppCommand } from './use-commands.ts';
import { openAppointment, openBooking } from './open-panels.ts';

const loadPalette = () =>
  import('../features/command-palette/components/command-palette.tsx').then((module) => ({
    default: module.CommandPalette,
  }));
const loadLine = () =>
  import('../features/booking/components/booking-line.tsx').then((module) => ({ default: module.BookingLine }));
const CommandPalette = lazy(loadPalette);
const BookingLine = lazy(loadLine);
const ShortcutSheet = lazy(() =>
  import('../features/shortcuts/components/shortcut-sheet.tsx').then((module) => ({ default: module.ShortcutSheet })),
);

/** The keys of the whole app, and what they open over it: the palette, the booking line, the sheet of keys. */
export function DeskTools() {
  const { t } = useTranslation();
  const navigate = useNavigate();
  const { timeZone, locale } = usePractice();
  const { commands, shortcuts } = useCommands();
  const tool = useOpenTool();
  useShortcuts(shortcuts, tool !== undefined, () => openTool('palette'));
  usePreload();
  const close = () => openTool(undefined);

  return (
    <Suspense fallback={null}>
      {(tool === 'palette' || tool === 'goto') && (
        <CommandPalette
          actions={commands.filter(({ group, id }) => group !== 'appointment' && id !== 'palette' && id !== 'search')}
          daysOnly={tool === 'goto'}
          onCustomer={(id) => void navigate(`/customers/${id}`)}
          onAppointment={openAppointment}
          onDay={(day) => void navigate(`/calendar?view=day&date=${day}`)}
          onBook={(start) => openBooking(start)}
          onClose={close}
        />
      )}
      {tool === 'line' && (
        <BookingLine
          onClose={close}
          onForm={(start, minutes) => {
            close();
            openBooking(start, minutes);
          }}
          onBooked={(booked) => {
            const title = t('booking.done', { name: booked.customer.name });
            const description = formatSpan(booked.start, booked.end, timeZone, locale);
            announce(`${title}: ${description}`);
            showToast({ title, description });
            close();
          }}
        />
      )}
      {tool === 'sheet' && <ShortcutSheet groups={sheetOf(commands)} onClose={close} />}
    </Suspense>
  );

  function sheetOf(all: readonly AppCommand[]) {
    const linesOf = (group: AppCommand['group']) =>
      all.filter((one) => one.group === group && one.keys.length > 0).map(({ name, keys }) => ({ name, keys }));
    return [
      { title: t('sheet.everywhere'), lines: [...linesOf('everywhere'), { name: t('sheet.toasts'), keys: ['Alt T'] }] },
      {
        title: t('sheet.inCalendar'),
        lines: [
          ...linesOf('calendar'),
          { name: t('sheet.chooseTime'), keys: ['←', '↑', '↓', '→'] },
          { name: t('sheet.changeLength'), keys: ['Shift ↑', 'Shift ↓'] },
        ],
      },
      {
        title: t('sheet.onAppointment'),
        lines: [
          ...linesOf('appointment'),
          { name: t('sheet.takeUp'), keys: ['Space'] },
          { name: t('sheet.choose'), keys: ['Ctrl Space', 'Shift Space'] },
        ],
      },
      { title: t('sheet.conflict'), lines: [{ name: t('sheet.nearest'), keys: ['1', '2', '3'] }] },
    ];
  }
}

/** Who presses a key and types on at once should not wait for a file: they are fetched while nothing else happens. */
function usePreload(): void {
  useEffect(() => {
    const timer = setTimeout(() => {
      // What fails to load now is loaded when it is wanted.
      void Promise.allSettled([
        import('./panels.tsx').then(({ preloadPanels }) => preloadPanels()),
        loadLine(),
        loadPalette(),
        loadDateReader(currentLanguage(), 'en'),
      ]);
    }, preloadAfterMs);
    return () => clearTimeout(timer);
  }, []);
}

const preloadAfterMs = 1_500;
