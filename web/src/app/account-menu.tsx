import { CircleUserRound } from 'lucide-react';
import { lazy, Suspense, useEffect, useId, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { IconButton } from '../ui/button.tsx';

const AccountCard = lazy(() => import('./account-card.tsx').then((module) => ({ default: module.AccountCard })));

/** The button that opens the account card, and what closes it. */
export function AccountMenu() {
  const { t } = useTranslation();
  const [open, setOpen] = useState(false);
  const root = useRef<HTMLDivElement>(null);
  const id = useId();
  useEffect(() => {
    if (!open) return;
    const closeOutside = (event: Event) => {
      if (!root.current?.contains(event.target as Node)) setOpen(false);
    };
    const closeByKey = (event: KeyboardEvent) => {
      if (event.key !== 'Escape') return;
      setOpen(false);
      root.current?.querySelector('button')?.focus();
    };
    document.addEventListener('pointerdown', closeOutside);
    document.addEventListener('focusin', closeOutside);
    document.addEventListener('keydown', closeByKey);
    return () => {
      document.removeEventListener('pointerdown', closeOutside);
      document.removeEventListener('focusin', closeOutside);
      document.removeEventListener('keydown', closeByKey);
    };
  }, [open]);
  return (
    <div ref={root} className="relative">
      <IconButton label={t('nav.account')} aria-expanded={open} aria-controls={id} onClick={() => setOpen(!open)}>
        <CircleUserRound aria-hidden className="size-5" />
      </IconButton>
      <div id={id} hidden={!open}>
        <Suspense fallback={null}>{open && <AccountCard />}</Suspense>
      </div>
    </div>
  );
}
