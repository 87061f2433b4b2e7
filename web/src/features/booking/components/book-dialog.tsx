import type { Appointment } from '@daybook/http-contract/appointments';
import type { CustomerDetails } from '@daybook/http-contract/practice';
import { useTranslation } from 'react-i18next';
import { Dialog } from '../../../ui/dialog.tsx';
import { SkeletonList } from '../../../ui/skeleton.tsx';
import { useKnownCustomer } from '../api/get-known-customer.ts';
import { BookingForm } from './booking-form.tsx';
import type { BookingStart } from './booking-form.tsx';

/** The booking form over the page. For a known customer who comes again it opens filled in, with what they had last. */
export function BookDialog(props: {
  initial: BookingStart;
  customerId?: string | undefined;
  onBooked: (appointment: Appointment) => void;
  onClose: () => void;
}) {
  const { t } = useTranslation();
  const known = useKnownCustomer(props.customerId);
  const isReading = props.customerId !== undefined && known.isPending;
  return (
    <Dialog title={t('booking.title')} closeLabel={t('common.close')} wide onClose={props.onClose}>
      {isReading ? (
        <SkeletonList rows={4} label={t('common.loading')} />
      ) : (
        <BookingForm
          initial={{ ...props.initial, customer: known.data && fillIn(known.data) }}
          onBooked={props.onBooked}
          onCancel={props.onClose}
        />
      )}
    </Dialog>
  );
}

function fillIn(customer: CustomerDetails): BookingStart['customer'] {
  return {
    name: customer.name,
    email: customer.email ?? '',
    phone: customer.phone ?? '',
    timeZone: customer.timeZone,
    typeId: customer.summary.lastAppointmentTypeId ?? '',
  };
}
