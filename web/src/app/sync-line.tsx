import { useTranslation } from 'react-i18next';
import { useConnections } from '../features/calendar-connections/api/list-connections.ts';
import { AppLink } from '../ui/app-link.tsx';

/** How the whole stands with Cal.com, in half a line; nothing while there is no connection or the banner says more. */
export function SyncLine() {
  const { t } = useTranslation();
  const connection = useConnections().data?.items.find(({ state }) => state === 'connected');
  if (connection === undefined) return null;
  const { pending, parked } = connection;
  const words =
    parked > 0
      ? t('today.syncParked', { parked })
      : pending > 0
        ? t('today.syncWaiting', { waiting: pending })
        : t('today.sync');
  return (
    <>
      {' · '}
      <AppLink to="/calcom" className="underline-offset-2 hover:underline">
        {words}
      </AppLink>
    </>
  );
}
