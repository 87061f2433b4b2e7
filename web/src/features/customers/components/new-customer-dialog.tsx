import { useTranslation } from 'react-i18next';
import { announce } from '../../../ui/announcer.tsx';
import { Dialog } from '../../../ui/dialog.tsx';
import { showToast } from '../../../ui/toast.ts';
import { useCreateCustomer } from '../api/customers.ts';
import { CustomerForm } from './customer-form.tsx';

/** Adds somebody before their first appointment. */
export function NewCustomerDialog(props: { name: string; onOpen: (id: string) => void; onClose: () => void }) {
  const { t } = useTranslation();
  const create = useCreateCustomer();
  return (
    <Dialog title={t('customers.add')} closeLabel={t('common.close')} onClose={props.onClose}>
      <CustomerForm
        initial={{ name: props.name, notes: '' }}
        label={t('customers.add')}
        submitLabel={t('customer.add')}
        busy={create.isPending}
        error={create.error}
        onOpenKnown={props.onOpen}
        onCancel={props.onClose}
        onSubmit={(body) =>
          create.mutate(body, {
            onSuccess: (added) => {
              const words = t('customer.added', { name: added.name });
              announce(words);
              showToast({ title: words });
              props.onOpen(added.id);
            },
          })
        }
      />
    </Dialog>
  );
}
