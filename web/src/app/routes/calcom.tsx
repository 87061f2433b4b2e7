import type { CalendarConnection } from '@daybook/http-contract/calendar-connections';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useSearchParams } from 'react-router';
import { useConnections } from '../../features/calendar-connections/api/list-connections.ts';
import { ConnectForm } from '../../features/calendar-connections/components/connect-form.tsx';
import { ConnectionCard } from '../../features/calendar-connections/components/connection-card.tsx';
import { DisconnectDialog } from '../../features/calendar-connections/components/disconnect-dialog.tsx';
import { Ledger, ledgerFilters } from '../../features/calendar-connections/components/ledger.tsx';
import type { LedgerFilter } from '../../features/calendar-connections/components/ledger.tsx';
import { PlanCard } from '../../features/calendar-connections/components/plan-card.tsx';
import { Sweeps } from '../../features/calendar-connections/components/sweeps.tsx';
import { announce } from '../../ui/announcer.tsx';
import { Button } from '../../ui/button.tsx';
import { Card } from '../../ui/card.tsx';
import { Dialog } from '../../ui/dialog.tsx';
import { Page } from '../../ui/page.tsx';
import { ReadState } from '../../ui/read-state.tsx';
import { Skeleton } from '../../ui/skeleton.tsx';
import { showToast } from '../../ui/toast.ts';
import { openAppointment } from '../open-panels.ts';

/** How things stand with Cal.com: connecting, starting, every appointment's standing, comparisons, ending. */
export function CalcomRoute() {
  const { t } = useTranslation();
  const connections = useConnections();
  return (
    <Page title={t('connection.title')} lead={t('connection.lead')}>
      <div className="flex flex-col gap-6">
        <ReadState query={connections} skeleton={<Skeleton className="h-64 w-full rounded-2xl" />}>
          {({ items }) => <Connection connection={items[0]} />}
        </ReadState>
      </div>
    </Page>
  );
}

function Connection(props: { connection: CalendarConnection | undefined }) {
  const { connection } = props;
  const { t } = useTranslation();
  const [parameters, setParameters] = useSearchParams();
  const [dialog, setDialog] = useState<'key' | 'disconnect'>();
  const tellSaved = () => {
    setDialog(undefined);
    announce(t('connect.saved'));
    showToast({ title: t('connect.saved') });
  };
  const filter = ledgerFilters.find((known) => known === parameters.get('state')) ?? 'all';
  const narrow = (next: LedgerFilter) =>
    setParameters(
      (before) => {
        const after = new URLSearchParams(before);
        if (next === 'all') after.delete('state');
        else after.set('state', next);
        return after;
      },
      { replace: true },
    );
  if (connection?.id === undefined || connection.state === 'off') {
    return (
      <>
        {connection !== undefined && connection.id !== undefined && <ConnectionCard connection={connection} />}
        {connection?.managedByOperator !== true && (
          <Card title={t('connect.title')} lead={t('connect.lead')}>
            <ConnectForm connection={undefined} onSaved={tellSaved} />
          </Card>
        )}
      </>
    );
  }
  const { id } = connection;
  return (
    <>
      <ConnectionCard
        connection={connection}
        actions={
          !connection.managedByOperator && (
            <div className="flex flex-wrap gap-2">
              <Button onClick={() => setDialog('key')}>{t('connection.changeKey')}</Button>
              <Button variant="danger" onClick={() => setDialog('disconnect')}>
                {t('connection.disconnect')}
              </Button>
            </div>
          )
        }
      />
      {connection.state === 'paused' ? (
        <PlanCard connectionId={id} />
      ) : (
        <>
          <Sweeps connectionId={id} onOpen={openAppointment} />
          <Ledger filter={filter} onFilter={narrow} onOpen={openAppointment} />
        </>
      )}
      {dialog === 'key' && (
        <Dialog
          title={t('connect.changeTitle')}
          description={t('connect.lead')}
          closeLabel={t('common.close')}
          onClose={() => setDialog(undefined)}
        >
          <ConnectForm connection={connection} onSaved={tellSaved} onCancel={() => setDialog(undefined)} />
        </Dialog>
      )}
      {dialog === 'disconnect' && <DisconnectDialog connectionId={id} onClose={() => setDialog(undefined)} />}
    </>
  );
}
