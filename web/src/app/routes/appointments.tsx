import type { AppointmentStatus } from '@daybook/http-contract/appointments';
import { useTranslation } from 'react-i18next';
import { AppointmentsList, appointmentStatuses } from '../../features/appointments/components/appointments-list.tsx';
import { useProviders } from '../../features/practice/api/list-providers.ts';
import { usePractice } from '../../lib/practice.tsx';
import { todayIn } from '../../lib/time.ts';
import { useAddressFilter } from '../../lib/use-address-filter.ts';
import { useNow } from '../../lib/use-now.ts';
import { Button } from '../../ui/button.tsx';
import { Page } from '../../ui/page.tsx';
import { openAppointment, openBooking } from '../open-panels.ts';

/** All appointments; what they are narrowed to stands in the address. */
export function AppointmentsRoute() {
  const { t } = useTranslation();
  const { timeZone } = usePractice();
  const usual = { q: '', status: 'all', from: todayIn(timeZone), to: '', provider: '' };
  const { filter, change, settle } = useAddressFilter(usual);
  return (
    <Page title={t('list.title')}>
      <AppointmentsList
        filter={{ ...filter, status: readStatus(filter.status) }}
        providers={useProviders().data?.items ?? []}
        now={useNow()}
        onFilter={change}
        onLeave={settle}
        onOpen={openAppointment}
        emptyAction={
          <Button variant="primary" onClick={() => openBooking()}>
            {t('nav.book')}
          </Button>
        }
      />
    </Page>
  );
}

function readStatus(text: string): AppointmentStatus | 'all' {
  return appointmentStatuses.find((status) => status === text) ?? 'all';
}
