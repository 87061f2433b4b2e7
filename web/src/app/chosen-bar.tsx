import type { Appointment } from '@daybook/http-contract/appointments';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { BulkCancelDialog } from '../features/appointments/components/bulk-cancel-dialog.tsx';
import { Button } from '../ui/button.tsx';

/** What can be done with several appointments that were chosen in the calendar. */
export function ChosenBar(props: { chosen: readonly Appointment[]; readOnly: boolean; onClear: () => void }) {
  const { chosen, readOnly, onClear } = props;
  const { t } = useTranslation();
  const [cancelling, setCancelling] = useState<readonly Appointment[]>();
  return (
    <>
      {chosen.length > 0 && (
        <div className="mt-2 flex flex-wrap items-center gap-2 rounded-xl border border-line bg-card px-4 py-2 shadow-card print:hidden">
          <p role="status" className="mr-auto font-medium">
            {t('list.chosen', { count: chosen.length })}
          </p>
          <Button variant="danger" disabled={readOnly} onClick={() => setCancelling(chosen)}>
            {t('list.cancelChosen')}
          </Button>
          <Button variant="quiet" onClick={onClear}>
            {t('list.selectDone')}
          </Button>
        </div>
      )}
      {cancelling !== undefined && (
        <BulkCancelDialog
          appointments={cancelling}
          onClose={(cancelled) => {
            setCancelling(undefined);
            if (cancelled) onClear();
          }}
        />
      )}
    </>
  );
}
