import { ArrowLeft, UserX } from 'lucide-react';
import { useTranslation } from 'react-i18next';
import { useNavigate, useParams } from 'react-router';
import { useCustomer } from '../../features/customers/api/customers.ts';
import { CustomerCard } from '../../features/customers/components/customer-card.tsx';
import { PersonalData } from '../../features/customers/components/personal-data.tsx';
import { CustomerVisits } from '../../features/customers/components/customer-visits.tsx';
import { isProblem } from '../../lib/problem.ts';
import { useNow } from '../../lib/use-now.ts';
import { AppLink } from '../../ui/app-link.tsx';
import { buttonClass } from '../../ui/button.tsx';
import { EmptyState } from '../../ui/empty-state.tsx';
import { Page } from '../../ui/page.tsx';
import { ReadState } from '../../ui/read-state.tsx';
import { Skeleton } from '../../ui/skeleton.tsx';
import { openAppointment, openBooking } from '../open-panels.ts';

/** One customer: who they are, what is booked, what has been. */
export function CustomerRoute() {
  const { t } = useTranslation();
  const navigate = useNavigate();
  const { id = '' } = useParams();
  const customer = useCustomer(id);
  const now = useNow();
  const back = (
    <AppLink to="/customers" className={buttonClass('quiet')}>
      <ArrowLeft aria-hidden className="size-4" />
      {t('customer.all')}
    </AppLink>
  );
  if (isProblem(customer.error, 'CUSTOMER_NOT_FOUND', 'VALIDATION_FAILED')) {
    return (
      <Page title={t('customers.title')}>
        <EmptyState icon={<UserX />} title={t('customer.nobody')} actions={back} />
      </Page>
    );
  }
  return (
    <Page title={customer.data?.name ?? t('customers.title')} actions={back}>
      <div className="flex flex-col gap-6">
        <ReadState query={customer} skeleton={<Skeleton className="h-64 w-full rounded-2xl" />}>
          {(data) => (
            <>
              <CustomerCard
                key={data.id}
                customer={data}
                onBook={() => openBooking(undefined, undefined, data.id)}
                onOpenKnown={(known) => void navigate(`/customers/${known}`)}
                onReload={() => void customer.refetch()}
              />
              <CustomerVisits customerId={data.id} now={now} onOpen={openAppointment} />
              <PersonalData customer={data} onErased={() => void navigate('/customers')} />
            </>
          )}
        </ReadState>
      </div>
    </Page>
  );
}
