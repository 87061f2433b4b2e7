import type { AppointmentStatus } from '@daybook/http-contract/appointments';
import { useTranslation } from 'react-i18next';
import { useSearchParams } from 'react-router';
import { AppointmentsList, appointmentStatuses } from '../../features/appointments/components/appointments-list.tsx';
import type { ListFilter } from '../../features/appointments/components/appointments-list.tsx';
import { useProviders } from '../../features/practice/api/list-providers.ts';
import { usePractice } from '../../lib/practice.tsx';
import { todayIn } from '../../lib/time.ts';
import { useNow } from '../../lib/use-now.ts';
import { Button } from '../../ui/button.tsx';
import { Page } from '../../ui/page.tsx';
import { usePanels } from '../use-panels.ts';

/** All appointments; what they are narrowed to stands in the address. */
export function AppointmentsRoute() {
  const { t } = useTranslation();
  const { timeZone } = usePractice();
  const [parameters, setParameters] = useSearchParams();
  const { openAppointment, openBooking } = usePanels();
  const filter: ListFilter = {
    q: parameters.get('q') ?? '',
    status: readStatus(parameters.get('status')),
    from: parameters.get('from') ?? todayIn(timeZone),
    to: parameters.get('to') ?? '',
    provider: parameters.get('provider') ?? '',
  };
  const change = (next: ListFilter) =>
    setParameters(
      (before) => {
        const after = new URLSearchParams(before);
        for (const [name, value] of Object.entries(next)) {
          const isUsual = name === 'status' ? value === 'all' : name !== 'from' && value === '';
          if (isUsual) after.delete(name);
          else after.set(name, value);
        }
        return after;
      },
      { replace: true },
    );
  return (
    <Page title={t('list.title')}>
      <AppointmentsList
        filter={filter}
        providers={useProviders().data?.items ?? []}
        now={useNow()}
        onFilter={change}
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

function readStatus(text: string | null): AppointmentStatus | 'all' {
  return appointmentStatuses.find((status) => status === text) ?? 'all';
}
