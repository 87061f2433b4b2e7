import type { Customer, CustomerExport } from '@daybook/http-contract/practice';
import { Download } from 'lucide-react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { describeError } from '../../../lib/problem.ts';
import { announce } from '../../../ui/announcer.tsx';
import { Button } from '../../../ui/button.tsx';
import { Card } from '../../../ui/card.tsx';
import { Dialog } from '../../../ui/dialog.tsx';
import { TextField } from '../../../ui/field.tsx';
import { Notice } from '../../../ui/notice.tsx';
import { showToast } from '../../../ui/toast.ts';
import { useEraseCustomer, useExportCustomer } from '../api/customers.ts';

/** What a person may ask for: everything kept about them as a file, and to be forgotten. */
export function PersonalData(props: { customer: Customer; onErased: () => void }) {
  const { customer } = props;
  const { t } = useTranslation();
  const [erasing, setErasing] = useState(false);
  const exported = useExportCustomer();
  return (
    <Card title={t('personal.title')} lead={t('personal.lead')}>
      {exported.isError && <Notice tone="bad">{describeError(exported.error, t)}</Notice>}
      <div className="flex flex-wrap gap-2">
        <Button
          busy={exported.isPending}
          onClick={() =>
            exported.mutate(customer.id, {
              onSuccess: (data) => {
                saveFile(data);
                announce(t('personal.exported'));
              },
            })
          }
        >
          <Download aria-hidden className="size-4" />
          {t('personal.export')}
        </Button>
        <Button onClick={() => setErasing(true)}>{t('personal.erase')}</Button>
      </div>
      {erasing && <EraseDialog customer={customer} onErased={props.onErased} onClose={() => setErasing(false)} />}
    </Card>
  );
}

/** Hands the export over as a file. */
function saveFile(data: CustomerExport): void {
  const address = URL.createObjectURL(new Blob([JSON.stringify(data, undefined, 2)], { type: 'application/json' }));
  const link = document.createElement('a');
  link.href = address;
  link.download = `customer-${data.customer.id}.json`;
  link.click();
  URL.revokeObjectURL(address);
}

/** Says what goes and what stays, and has the name typed before anything is done. */
function EraseDialog(props: { customer: Customer; onErased: () => void; onClose: () => void }) {
  const { customer } = props;
  const { t } = useTranslation();
  const [typed, setTyped] = useState('');
  const erase = useEraseCustomer();
  const meant = typed.trim() === customer.name;
  return (
    <Dialog
      title={t('personal.eraseTitle', { name: customer.name })}
      closeLabel={t('common.close')}
      onClose={props.onClose}
    >
      <form
        className="flex flex-col gap-4"
        aria-label={t('personal.eraseTitle', { name: customer.name })}
        onSubmit={(event) => {
          event.preventDefault();
          if (!meant || erase.isPending) return;
          erase.mutate(customer.id, {
            onSuccess: ({ erasedAppointments }) => {
              const title = t('personal.erased');
              const description = t('personal.erasedAppointments', { count: erasedAppointments });
              announce(`${title}. ${description}`);
              showToast({ title, description });
              props.onErased();
            },
          });
        }}
      >
        <Notice tone="warn">{t('personal.eraseGoes')}</Notice>
        <p>{t('personal.eraseStays')}</p>
        <TextField
          label={t('personal.typeName', { name: customer.name })}
          autoComplete="off"
          value={typed}
          onChange={(event) => setTyped(event.target.value)}
        />
        {erase.isError && <Notice tone="bad">{describeError(erase.error, t)}</Notice>}
        <div className="flex flex-wrap justify-end gap-2">
          <Button variant="quiet" onClick={props.onClose}>
            {t('common.cancel')}
          </Button>
          <Button type="submit" variant="danger" busy={erase.isPending} disabled={!meant}>
            {t('personal.eraseSubmit')}
          </Button>
        </div>
      </form>
    </Dialog>
  );
}
