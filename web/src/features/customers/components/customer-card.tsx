import type { CustomerDetails } from '@daybook/http-contract/practice';
import { Mail, Phone } from 'lucide-react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { usePractice } from '../../../lib/practice.tsx';
import { formatMoment } from '../../../lib/time.ts';
import { announce } from '../../../ui/announcer.tsx';
import { Button, buttonClass } from '../../../ui/button.tsx';
import { Card, Figures } from '../../../ui/card.tsx';
import { Dialog } from '../../../ui/dialog.tsx';
import { Notice } from '../../../ui/notice.tsx';
import { showToast } from '../../../ui/toast.ts';
import { useUpdateCustomer } from '../api/customers.ts';
import { CustomerForm } from './customer-form.tsx';
import { MergeDialog } from './merge-dialog.tsx';

type Open = { what: 'edit' } | { what: 'merge'; chosen: string | undefined };

/** Who somebody is, how to reach them, what their appointments say, and who may be the same person. */
export function CustomerCard(props: {
  customer: CustomerDetails;
  onBook: () => void;
  onOpenKnown: (id: string) => void;
  onReload: () => void;
}) {
  const { customer } = props;
  const { summary, possibleDuplicates } = customer;
  const { t } = useTranslation();
  const { timeZone, locale } = usePractice();
  const [open, setOpen] = useState<Open>();
  return (
    <>
      {possibleDuplicates.length > 0 && (
        <Notice tone="info" title={t('merge.perhaps', { count: possibleDuplicates.length })}>
          <ul className="flex flex-col gap-2">
            {possibleDuplicates.map((duplicate) => (
              <li key={duplicate.id} className="flex flex-wrap items-center gap-x-3 gap-y-1">
                <span className="min-w-0 break-words">
                  {[duplicate.name, duplicate.email, duplicate.phone].filter((part) => part !== undefined).join(', ')}
                </span>
                <Button onClick={() => setOpen({ what: 'merge', chosen: duplicate.id })}>{t('merge.look')}</Button>
              </li>
            ))}
          </ul>
        </Notice>
      )}
      <Card
        title={t('customer.contact')}
        lead={
          [customer.email, customer.phone, customer.timeZone].filter((part) => part !== undefined).join(' · ') ||
          t('customer.noContact')
        }
      >
        <Figures
          items={[
            {
              label: t('customer.next'),
              value: summary.nextStart === undefined ? '–' : formatMoment(summary.nextStart, timeZone, locale),
            },
            { label: t('customer.appointments'), value: summary.appointmentCount },
            { label: t('customer.noShows'), value: summary.noShowCount },
            { label: t('customer.cancellations'), value: summary.cancelledCount },
          ]}
        />
        <div className="border-t border-line pt-4">
          <h3 className="text-sm font-medium">{t('customer.notes')}</h3>
          <p className="break-words whitespace-pre-line text-ink-soft">
            {customer.notes === '' ? t('customer.noNotes') : customer.notes}
          </p>
        </div>
        <div className="flex flex-wrap gap-2">
          <Button variant="primary" onClick={props.onBook}>
            {t('customer.book')}
          </Button>
          {customer.phone !== undefined && (
            <a className={buttonClass('secondary')} href={`tel:${customer.phone}`}>
              <Phone aria-hidden className="size-4" />
              {t('details.call')}
            </a>
          )}
          {customer.email !== undefined && (
            <a className={buttonClass('secondary')} href={`mailto:${customer.email}`}>
              <Mail aria-hidden className="size-4" />
              {t('details.mail')}
            </a>
          )}
          <Button onClick={() => setOpen({ what: 'edit' })}>{t('customer.edit')}</Button>
          <Button onClick={() => setOpen({ what: 'merge', chosen: undefined })}>{t('merge.open')}</Button>
        </div>
      </Card>
      {open?.what === 'edit' && (
        <EditDialog
          customer={customer}
          onOpenKnown={props.onOpenKnown}
          onReload={() => {
            setOpen(undefined);
            props.onReload();
          }}
          onClose={() => setOpen(undefined)}
        />
      )}
      {open?.what === 'merge' && (
        <MergeDialog
          customer={customer}
          proposed={possibleDuplicates}
          chosen={open.chosen}
          onClose={() => setOpen(undefined)}
        />
      )}
    </>
  );
}

/** Edits the particulars as they were when the dialog was opened, so that typing never fights with what comes from elsewhere. */
function EditDialog(props: {
  customer: CustomerDetails;
  onOpenKnown: (id: string) => void;
  onReload: () => void;
  onClose: () => void;
}) {
  const { t } = useTranslation();
  const [base] = useState(props.customer);
  const update = useUpdateCustomer();
  return (
    <Dialog title={t('customer.edit')} description={base.name} closeLabel={t('common.close')} onClose={props.onClose}>
      <CustomerForm
        initial={base}
        label={t('customer.edit')}
        submitLabel={t('common.save')}
        busy={update.isPending}
        error={update.error}
        onOpenKnown={props.onOpenKnown}
        onReload={props.onReload}
        onCancel={props.onClose}
        onSubmit={(body) =>
          update.mutate(
            { id: base.id, version: base.version, body },
            {
              onSuccess: (saved) => {
                const words = t('customer.saved', { name: saved.name });
                announce(words);
                showToast({ title: words });
                props.onClose();
              },
            },
          )
        }
      />
    </Dialog>
  );
}
