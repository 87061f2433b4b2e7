import * as Popover from '@radix-ui/react-popover';
import type { RefObject } from 'react';
import { useTranslation } from 'react-i18next';
import { AccountCard } from './account-card.tsx';

/** The account card below its button: focus goes in and returns, and where the window is low it scrolls. */
export function AccountPopover(props: { button: RefObject<HTMLButtonElement | null>; onClose: () => void }) {
  const { t } = useTranslation();
  return (
    <Popover.Root open onOpenChange={(open) => !open && props.onClose()}>
      <Popover.Anchor virtualRef={props.button} />
      <Popover.Portal>
        <Popover.Content
          aria-label={t('nav.account')}
          align="end"
          sideOffset={8}
          collisionPadding={8}
          className="z-40 max-h-(--radix-popover-content-available-height) w-72 max-w-[calc(100vw-1rem)] animate-fade-in overflow-y-auto rounded-xl border border-line bg-card p-4 shadow-panel focus:outline-none"
          // The button itself closes what it opened.
          onInteractOutside={(event) => {
            if (props.button.current?.contains(event.target as Node)) event.preventDefault();
          }}
          onCloseAutoFocus={(event) => {
            event.preventDefault();
            props.button.current?.focus();
          }}
        >
          <AccountCard />
        </Popover.Content>
      </Popover.Portal>
    </Popover.Root>
  );
}
