import { WifiOff } from 'lucide-react';
import { useEffect, useRef } from 'react';
import { useTranslation } from 'react-i18next';
import { localeOf, usePracticeSettings } from '../features/practice/api/get-practice.ts';
import { useProviders } from '../features/practice/api/list-providers.ts';
import type { LiveEnvironment } from '../lib/live-updates.ts';
import { useOffline } from '../lib/offline.ts';
import { formatter } from '../lib/time.ts';
import { announce } from '../ui/announcer.tsx';
import { useLiveUpdates } from './use-live-updates.ts';

/** Follows live updates; says when they do not come, when the server is out of reach, and when all is well again. */
export function LiveNotice(props: { environment?: LiveEnvironment }) {
  const { t } = useTranslation();
  const state = useLiveUpdates(props.environment);
  const offlineSince = useOffline();
  const wasAway = useRef(false);
  const isAway = state === 'away' || offlineSince !== undefined;
  useEffect(() => {
    if (wasAway.current && !isAway) announce(t('live.back'));
    wasAway.current = isAway;
  }, [isAway, t]);
  const locale = localeOf(usePracticeSettings().data);
  const timeZone = useProviders().data?.items[0]?.timeZone;
  const at = (epoch: number) =>
    formatter(locale, { weekday: 'short', hour: 'numeric', minute: '2-digit', timeZone }).format(epoch);
  return (
    <div role="status" className="print:hidden">
      {isAway && (
        <p className="flex items-center justify-center gap-2 border-b border-line bg-sunken px-4 py-1.5 text-sm text-ink-soft">
          <WifiOff aria-hidden className="size-4 shrink-0" />
          {offlineSince === undefined ? t('live.away') : t('live.offline', { at: at(offlineSince) })}
        </p>
      )}
    </div>
  );
}
