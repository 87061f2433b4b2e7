import { CircleUserRound } from 'lucide-react';
import { lazy, Suspense, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { IconButton } from '../ui/button.tsx';

const AccountPopover = lazy(() =>
  import('./account-popover.tsx').then((module) => ({ default: module.AccountPopover })),
);

/** The button that opens the account card. */
export function AccountMenu() {
  const { t } = useTranslation();
  const [open, setOpen] = useState(false);
  const button = useRef<HTMLButtonElement>(null);
  return (
    <>
      <IconButton
        ref={button}
        label={t('nav.account')}
        aria-haspopup="dialog"
        aria-expanded={open}
        onClick={() => setOpen(!open)}
      >
        <CircleUserRound aria-hidden className="size-5" />
      </IconButton>
      <Suspense fallback={null}>{open && <AccountPopover button={button} onClose={() => setOpen(false)} />}</Suspense>
    </>
  );
}
