import type { Appointment } from '@daybook/http-contract/appointments';
import { useState } from 'react';
import { useAppointment } from '../features/appointments/api/get-appointment.ts';
import { RescheduleDialog } from '../features/booking/components/reschedule-dialog.tsx';

/** Reads the appointment to be moved and opens its dialog. */
export function MoveDialog(props: {
  id: string;
  onMoved: (before: Appointment, moved: Appointment) => void;
  onClose: () => void;
}) {
  const appointment = useAppointment(props.id);
  // What it was when the dialog opened: while the move is on its way it already shows its new place.
  const [before, setBefore] = useState<Appointment>();
  if (before === undefined && appointment.data !== undefined) setBefore(appointment.data);
  if (before === undefined || appointment.data === undefined) return null;
  return (
    <RescheduleDialog
      appointment={before.version === appointment.data.version ? before : appointment.data}
      onMoved={(moved) => props.onMoved(before, moved)}
      onClose={props.onClose}
    />
  );
}
