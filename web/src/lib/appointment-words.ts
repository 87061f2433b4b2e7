import type { Appointment } from '@daybook/http-contract/appointments';
import type { TFunction } from 'i18next';
import { formatSpan } from './time.ts';

/** An appointment in one sentence: "Thursday 4 June 2026, 10:00 – 10:30, Ann Lee, in step with Cal.com". */
export function describeAppointment(appointment: Appointment, zone: string, locale: string, t: TFunction): string {
  const status = appointment.status === 'scheduled' ? '' : `, ${t(`status.${appointment.status}`)}`;
  const span = formatSpan(appointment.start, appointment.end, zone, locale);
  return `${span}, ${appointment.customer.name}, ${t(`sync.sentences.${appointment.sync.state}`)}${status}`;
}
