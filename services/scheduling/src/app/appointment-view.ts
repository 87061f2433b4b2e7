import type { StoredAppointment } from '../db/appointment-repository.ts';
import type { Appointment } from '../domain/appointment.ts';
import { type AppointmentSync, deriveSync } from '../domain/sync-state.ts';
import type { Settings } from './dependencies.ts';

/** An appointment as answered: with its mark. */
export type AppointmentView = Appointment & { readonly sync: AppointmentSync };

/** Adds the mark, derived from what calendar sync said last. */
export function toView(stored: StoredAppointment, settings: Settings): AppointmentView {
  const targetIsOn = settings.syncTargetEnabled && stored.connection !== 'off';
  return { ...stored.appointment, sync: deriveSync(stored.appointment, stored.sync, targetIsOn) };
}
