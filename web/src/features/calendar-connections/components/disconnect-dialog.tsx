import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { describeError } from '../../../lib/problem.ts';
import { announce } from '../../../ui/announcer.tsx';
import { Button } from '../../../ui/button.tsx';
import { Checkbox } from '../../../ui/choices.tsx';
import { Dialog } from '../../../ui/dialog.tsx';
import { Notice } from '../../../ui/notice.tsx';
import { showToast } from '../../../ui/toast.ts';
import { useDisconnectCalendar } from '../api/connection.ts';

/** Ends the connection after asking what is to happen to what stands on Cal.com. */
export function DisconnectDialog(props: { connectionId: string; onClose: () => void }) {
  const { t } = useTranslation();
  const [cancelBookings, setCancelBookings] = useState(false);
  const [hideEventTypes, setHideEventTypes] = useState(true);
  const disconnect = useDisconnectCalendar();
  return (
    <Dialog
      title={t('disconnect.title')}
      description={t('disconnect.lead')}
      closeLabel={t('common.close')}
      onClose={props.onClose}
    >
      <form
        className="flex flex-col gap-5"
        aria-label={t('disconnect.title')}
        onSubmit={(event) => {
          event.preventDefault();
          if (disconnect.isPending) return;
          // Not by the callbacks of mutate: once it is disconnected the screen around this dialog is another.
          void disconnect.mutateAsync({ id: props.connectionId, cancelBookings, hideEventTypes }).then(
            () => {
              announce(t('disconnect.done'));
              showToast({ title: t('disconnect.done') });
              props.onClose();
            },
            () => undefined,
          );
        }}
      >
        <Checkbox
          label={t('disconnect.cancelBookings')}
          hint={t('disconnect.cancelHint')}
          checked={cancelBookings}
          onChange={(event) => setCancelBookings(event.target.checked)}
        />
        <Checkbox
          label={t('disconnect.hideTypes')}
          hint={t('disconnect.hideHint')}
          checked={hideEventTypes}
          onChange={(event) => setHideEventTypes(event.target.checked)}
        />
        <p className="text-sm text-ink-soft">{t('disconnect.webhook')}</p>
        {disconnect.isError && <Notice tone="bad">{describeError(disconnect.error, t)}</Notice>}
        <div className="flex flex-wrap justify-end gap-2">
          <Button variant="quiet" onClick={props.onClose}>
            {t('common.cancel')}
          </Button>
          <Button type="submit" variant="danger" busy={disconnect.isPending}>
            {t('disconnect.submit')}
          </Button>
        </div>
      </form>
    </Dialog>
  );
}
