import { UserPlus } from 'lucide-react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useNavigate } from 'react-router';
import { CustomerList } from '../../features/customers/components/customer-list.tsx';
import { NewCustomerDialog } from '../../features/customers/components/new-customer-dialog.tsx';
import { useAddressFilter } from '../../lib/use-address-filter.ts';
import { Button } from '../../ui/button.tsx';
import { Page } from '../../ui/page.tsx';

/** Everybody who is known; what is searched for stands in the address. */
export function CustomersRoute() {
  const { t } = useTranslation();
  const navigate = useNavigate();
  const { filter, change, settle } = useAddressFilter({ q: '' });
  const [adding, setAdding] = useState(false);
  const add = (
    <Button onClick={() => setAdding(true)}>
      <UserPlus aria-hidden className="size-4" />
      {t('customers.add')}
    </Button>
  );
  return (
    <Page title={t('customers.title')} lead={t('customers.lead')} actions={add}>
      <CustomerList q={filter.q} onSearch={(q) => change({ q })} onLeave={settle} emptyAction={add} />
      {adding && (
        <NewCustomerDialog
          name={filter.q.trim()}
          onOpen={(id) => void navigate(`/customers/${id}`)}
          onClose={() => setAdding(false)}
        />
      )}
    </Page>
  );
}
