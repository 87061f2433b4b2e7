import * as Radix from '@radix-ui/react-dialog';
import { X } from 'lucide-react';
import { useLayoutEffect } from 'react';
import type { ReactNode } from 'react';
import { IconButton } from './button.tsx';
import { classNames } from './class-names.ts';
import { useReturnFocus } from './use-return-focus.ts';

type DialogProps = {
  title: string;
  description?: string;
  closeLabel: string;
  /** `panel`: beside the page on a desk, a sheet from below on a phone. `center`: over the page. */
  placement?: 'center' | 'panel';
  wide?: boolean;
  onClose: () => void;
  children: ReactNode;
};

/** A dialog that is open while it is rendered. Focus goes in, stays in, and returns to where it was. */
export function Dialog(props: DialogProps) {
  const { title, description, closeLabel, placement = 'center', wide = false, onClose, children } = props;
  const returnFocus = useReturnFocus();
  return (
    <Radix.Root open onOpenChange={(open) => !open && onClose()}>
      <Radix.Portal>
        <Veil />
        <Radix.Content
          {...(description === undefined ? { 'aria-describedby': undefined } : {})}
          // Where no field asks for the focus the dialog itself has it: its name is read, and no button looks chosen.
          onOpenAutoFocus={(event) => {
            event.preventDefault();
            if (event.currentTarget instanceof HTMLElement) event.currentTarget.focus();
          }}
          onCloseAutoFocus={returnFocus}
          className={classNames(
            'fixed z-50 flex max-h-[92dvh] flex-col overflow-hidden bg-card shadow-panel focus:outline-none',
            'inset-x-0 bottom-0 animate-sheet-up rounded-t-2xl pb-[env(safe-area-inset-bottom)]',
            placement === 'panel' &&
              'md:inset-y-0 md:left-auto md:right-0 md:max-h-none md:w-[26rem] md:animate-panel-in md:rounded-none md:border-l md:border-line',
            placement === 'center' &&
              'md:inset-x-auto md:bottom-auto md:left-1/2 md:top-[6vh] md:max-h-[88vh] md:-translate-x-1/2 md:animate-fade-in md:rounded-2xl md:border md:border-line',
            placement === 'center' && (wide ? 'md:w-[52rem] md:max-w-[94vw]' : 'md:w-[32rem]'),
          )}
        >
          <header className="flex items-start gap-3 border-b border-line px-5 py-4">
            <div className="min-w-0 flex-1">
              <Radix.Title className="text-lg font-semibold leading-snug">{title}</Radix.Title>
              {description !== undefined && (
                <Radix.Description className="text-sm text-ink-soft">{description}</Radix.Description>
              )}
            </div>
            <Radix.Close asChild>
              <IconButton label={closeLabel} className="-mr-2 -mt-1">
                <X aria-hidden className="size-5" />
              </IconButton>
            </Radix.Close>
          </header>
          <div className="min-h-0 flex-1 overflow-y-auto overscroll-contain px-5 py-4">{children}</div>
        </Radix.Content>
      </Radix.Portal>
    </Radix.Root>
  );
}

/**
 * What lies between the page and a dialog; a click on it closes the dialog as any click outside does. Radix's own keeps the page from
 * scrolling by values that every element inherits, so that hundreds of appointments are styled anew; this one changes the page alone.
 */
export function Veil() {
  useLayoutEffect(() => {
    const { documentElement: page } = document;
    const { overflow, scrollbarGutter } = page.style;
    if (window.innerWidth > page.clientWidth) page.style.scrollbarGutter = 'stable';
    page.style.overflow = 'hidden';
    return () => {
      page.style.overflow = overflow;
      page.style.scrollbarGutter = scrollbarGutter;
    };
  }, []);
  return <div className="fixed inset-0 z-40 animate-fade-in bg-black/30" />;
}
