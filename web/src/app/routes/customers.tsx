import { UserPlus } from 'lucide-react';
import { useCallback, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useNavigate, useSearchParams } from 'react-router';
import { CustomerList } from '../../features/customers/components/customer-list.tsx';
import { NewCustomerDialog } from '../../features/customers/components/new-customer-dialog.tsx';
import { Button } from '../../ui/button.tsx';
import { Page } from '../../ui/page.tsx';

/** Everybody who is known; what is searched for stands in the address. */
export function CustomersRoute() {
  const { t } = useTranslation();
  const navigate = useNavigate();
  const [parameters, setParameters] = useSearchParams();
  const [adding, setAdding] = useState(false);
  const q = parameters.get('q') ?? '';
  const search = useCallback(
    (text: string) =>
      setParameters(
        (before) => {
          const after = new URLSearchParams(before);
          if (text === '') after.delete('q');
          else after.set('q', text);
          return after;
        },
        { replace: true },
      ),
    [setParameters],
  );
  const add = (
    <Button onClick={() => setAdding(true)}>
      <UserPlus aria-hidden className="size-4" />
      {t('customers.add')}
    </Button>
  );
  return (
    <Page title={t('customers.title')} lead={t('customers.lead')} actions={add}>
      <CustomerList q={q} onSearch={search} emptyAction={add} />
      {adding && (
        <NewCustomerDialog
          name={q}
          onOpen={(id) => void navigate(`/customers/${id}`)}
          onClose={() => setAdding(false)}
        />
      )}
    </Page>
  );
}
