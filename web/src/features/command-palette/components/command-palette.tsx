import * as Radix from '@radix-ui/react-dialog';
import { Command } from 'cmdk';
import { CalendarDays, CalendarPlus, CornerDownLeft, UserRound } from 'lucide-react';
import { useEffect, useState } from 'react';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { currentLanguage } from '../../../i18n/setup.ts';
import { loadDateReader } from '../../../lib/date-words.ts';
import type { DateReader } from '../../../lib/date-words.ts';
import { usePractice } from '../../../lib/practice.tsx';
import { formatDay, formatSpan, formatWallTime, startOfDay, toInstant, todayIn } from '../../../lib/time.ts';
import { useDebounced } from '../../../lib/use-debounced.ts';
import { useNow } from '../../../lib/use-now.ts';
import { Veil } from '../../../ui/dialog.tsx';
import { Kbd } from '../../../ui/kbd.tsx';
import { useReturnFocus } from '../../../ui/use-return-focus.ts';
import { useSearch } from '../api/search.ts';

/** Something that can be done from anywhere. */
export type PaletteAction = { id: string; name: string; keys: readonly string[]; run: () => void };

/** Finds customers, appointments, days and actions by a few letters, and does what is chosen. */
export function CommandPalette(props: {
  actions: readonly PaletteAction[];
  /** Only days are wanted. */
  daysOnly: boolean;
  onCustomer: (id: string) => void;
  onAppointment: (id: string) => void;
  onDay: (day: string) => void;
  onBook: (start: string) => void;
  onClose: () => void;
}) {
  const { t } = useTranslation();
  const { timeZone, locale } = usePractice();
  const now = useNow();
  const [text, setText] = useState('');
  const [read, setRead] = useState<DateReader>();
  const settled = useDebounced(text, 120);
  const returnFocus = useReturnFocus();
  const today = todayIn(timeZone);
  const found = useSearch(props.daysOnly ? '' : settled, startOfDay(today, timeZone));
  useEffect(() => {
    void loadDateReader(currentLanguage(), locale).then((loaded) => setRead(() => loaded));
  }, [locale]);

  const when = text.trim() === '' ? undefined : read?.(text, now, timeZone);
  const start =
    when?.day === undefined || when.time === undefined ? undefined : toInstant(when.day, when.time, timeZone);
  const words = text.toLowerCase().split(/\s+/).filter(Boolean);
  const actions = props.daysOnly
    ? []
    : props.actions.filter(({ name }) => words.every((word) => name.toLowerCase().includes(word)));
  const run = (act: () => void) => () => {
    props.onClose();
    act();
  };

  return (
    <Radix.Root open onOpenChange={(open) => !open && props.onClose()}>
      <Radix.Portal>
        <Veil />
        <Radix.Content
          aria-describedby={undefined}
          onCloseAutoFocus={returnFocus}
          className="fixed inset-x-3 top-[8vh] z-50 mx-auto flex max-h-[76vh] max-w-xl animate-fade-in flex-col overflow-hidden rounded-2xl border border-line bg-card shadow-panel"
        >
          <Radix.Title className="sr-only">{t('palette.title')}</Radix.Title>
          <Command shouldFilter={false} loop label={t('palette.title')} className="flex min-h-0 flex-col">
            <Command.Input
              autoFocus
              value={text}
              onValueChange={setText}
              placeholder={t(props.daysOnly ? 'palette.datePlaceholder' : 'palette.placeholder')}
              className="w-full border-b border-line bg-transparent px-5 py-4 text-lg outline-none placeholder:text-ink-soft"
            />
            <Command.List className="min-h-0 overflow-y-auto overscroll-contain p-2 [&_[cmdk-group-heading]]:px-3 [&_[cmdk-group-heading]]:pt-2 [&_[cmdk-group-heading]]:pb-1 [&_[cmdk-group-heading]]:text-xs [&_[cmdk-group-heading]]:font-medium [&_[cmdk-group-heading]]:text-ink-soft">
              {!found.isReading && (
                <Command.Empty className="px-3 py-6 text-center text-ink-soft">{t('palette.nothing')}</Command.Empty>
              )}
              {when?.day !== undefined && (
                <Command.Group heading={t('palette.days')}>
                  <Row id="day" icon={<CalendarDays />} onSelect={run(() => props.onDay(when.day ?? today))}>
                    {t('palette.goToDay', { day: formatDay(when.day, locale) })}
                  </Row>
                  {start !== undefined && Date.parse(start) > now && (
                    <Row id="book-at" icon={<CalendarPlus />} onSelect={run(() => props.onBook(start))}>
                      {t('palette.bookAt', {
                        day: formatDay(when.day, locale),
                        time: formatWallTime(when.time ?? '', locale),
                      })}
                    </Row>
                  )}
                </Command.Group>
              )}
              {found.customers.length > 0 && (
                <Command.Group heading={t('palette.customers')}>
                  {found.customers.map((customer) => (
                    <Row
                      key={customer.id}
                      id={`customer-${customer.id}`}
                      icon={<UserRound />}
                      detail={customer.phone ?? customer.email}
                      onSelect={run(() => props.onCustomer(customer.id))}
                    >
                      {customer.name}
                    </Row>
                  ))}
                </Command.Group>
              )}
              {found.appointments.length > 0 && (
                <Command.Group heading={t('palette.appointments')}>
                  {found.appointments.map((appointment) => (
                    <Row
                      key={appointment.id}
                      id={`appointment-${appointment.id}`}
                      icon={<CalendarDays />}
                      detail={formatSpan(appointment.start, appointment.end, timeZone, locale)}
                      onSelect={run(() => props.onAppointment(appointment.id))}
                    >
                      {appointment.customer.name}
                    </Row>
                  ))}
                </Command.Group>
              )}
              {actions.length > 0 && (
                <Command.Group heading={t('palette.actions')}>
                  {actions.map((action) => (
                    <Row
                      key={action.id}
                      id={`action-${action.id}`}
                      icon={<CornerDownLeft />}
                      keys={action.keys}
                      onSelect={run(action.run)}
                    >
                      {action.name}
                    </Row>
                  ))}
                </Command.Group>
              )}
            </Command.List>
          </Command>
        </Radix.Content>
      </Radix.Portal>
    </Radix.Root>
  );
}

function Row(props: {
  id: string;
  icon: ReactNode;
  detail?: string | undefined;
  keys?: readonly string[];
  onSelect: () => void;
  children: ReactNode;
}) {
  return (
    <Command.Item
      value={props.id}
      onSelect={props.onSelect}
      className="flex min-h-11 cursor-pointer items-center gap-3 rounded-lg px-3 py-1.5 data-[selected=true]:bg-accent-soft"
    >
      <span aria-hidden className="shrink-0 text-ink-soft [&>svg]:size-4">
        {props.icon}
      </span>
      <span className="min-w-0 flex-1">
        <span className="block truncate font-medium">{props.children}</span>
        {props.detail !== undefined && <span className="block truncate text-sm text-ink-soft">{props.detail}</span>}
      </span>
      {props.keys !== undefined && (
        <span className="flex shrink-0 gap-1">
          {props.keys.map((key) => (
            <Kbd key={key}>{key}</Kbd>
          ))}
        </span>
      )}
    </Command.Item>
  );
}
