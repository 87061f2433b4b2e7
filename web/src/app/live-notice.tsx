import { WifiOff } from 'lucide-react';
import { useTranslation } from 'react-i18next';
import { useLiveUpdates } from './use-live-updates.ts';

/** Follows live updates, and says so when they do not come. */
export function LiveNotice() {
  const { t } = useTranslation();
  const state = useLiveUpdates();
  return (
    <div role="status">
      {state === 'away' && (
        <p className="flex items-center justify-center gap-2 border-b border-line bg-sunken px-4 py-1.5 text-sm text-ink-soft">
          <WifiOff aria-hidden className="size-4 shrink-0" />
          {t('live.away')}
        </p>
      )}
    </div>
  );
}
