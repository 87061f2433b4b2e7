import { useTranslation } from 'react-i18next';
import { useConnections } from '../../features/calendar-connections/api/list-connections.ts';
import { ConnectionCard } from '../../features/calendar-connections/components/connection-card.tsx';
import { SyncWorkList } from '../../features/calendar-connections/components/sync-work-list.tsx';
import { describeError } from '../../lib/problem.ts';
import { Button } from '../../ui/button.tsx';
import { Notice } from '../../ui/notice.tsx';
import { Page } from '../../ui/page.tsx';
import { Skeleton } from '../../ui/skeleton.tsx';
import { usePanels } from '../use-panels.ts';

/** How things stand with Cal.com. */
export function CalcomRoute() {
  const { t } = useTranslation();
  const connections = useConnections();
  const { openAppointment } = usePanels();
  const isOff = connections.data?.items.every(({ state }) => state === 'off') ?? false;
  return (
    <Page title={t('connection.title')} lead={t('connection.lead')}>
      <div className="flex flex-col gap-6">
        {connections.isPending && <Skeleton className="h-48 w-full rounded-2xl" />}
        {connections.isError && (
          <Notice tone="bad">
            <p>{describeError(connections.error, t)}</p>
            <Button className="self-start" busy={connections.isFetching} onClick={() => void connections.refetch()}>
              {t('common.tryAgain')}
            </Button>
          </Notice>
        )}
        {connections.data?.items.map((connection) => (
          <ConnectionCard key={connection.id ?? connection.target} connection={connection} />
        ))}
        {connections.isSuccess && !isOff && <SyncWorkList onOpen={openAppointment} />}
      </div>
    </Page>
  );
}
