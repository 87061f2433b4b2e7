import type { Appointment } from '@daybook/http-contract/appointments';
import { useAppointment } from '../features/appointments/api/get-appointment.ts';
import { RescheduleDialog } from '../features/booking/components/reschedule-dialog.tsx';

/** Reads the appointment to be moved and opens its dialog. */
export function MoveDialog(props: { id: string; onMoved: (moved: Appointment) => void; onClose: () => void }) {
  const appointment = useAppointment(props.id);
  if (appointment.data === undefined) return null;
  return <RescheduleDialog appointment={appointment.data} onMoved={props.onMoved} onClose={props.onClose} />;
}
