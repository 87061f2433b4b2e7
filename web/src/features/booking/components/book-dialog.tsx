import type { Appointment } from '@daybook/http-contract/appointments';
import { useTranslation } from 'react-i18next';
import { Dialog } from '../../../ui/dialog.tsx';
import { BookingForm } from './booking-form.tsx';
import type { BookingStart } from './booking-form.tsx';

/** The booking form over the page. */
export function BookDialog(props: {
  initial: BookingStart;
  onBooked: (appointment: Appointment) => void;
  onClose: () => void;
}) {
  const { t } = useTranslation();
  return (
    <Dialog title={t('booking.title')} closeLabel={t('common.close')} wide onClose={props.onClose}>
      <BookingForm initial={props.initial} onBooked={props.onBooked} onCancel={props.onClose} />
    </Dialog>
  );
}
