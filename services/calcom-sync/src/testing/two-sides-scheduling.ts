import { overlaps, spanOf, type Standing } from '../domain/calendar-link.ts';

/** An appointment as the model keeps it; `start` is epoch milliseconds. */
export type Appointment = {
  id: string;
  version: number;
  /** The version of the owner's last own change. */
  ownerVersion: number;
  present: boolean;
  start: number;
  minutes: number;
};

/** A decision against a change. */
export class Refusal extends Error {}

/** Scheduling's rules: once per key, no two at one time, a later change of ours wins. */
export class ModelScheduling {
  readonly appointments = new Map<string, Appointment>();
  readonly events: Appointment[] = [];
  /** The chain of bookings an appointment was made of. */
  readonly takenIn = new Map<string, string>();
  readonly #done = new Map<string, string>();
  /** Set when a change made there overrode one of ours it could not know of. */
  overridden = false;

  free(place: { start: number; minutes: number }, except: string): boolean {
    return ![...this.appointments.values()].some(
      (other) => other.present && other.id !== except && overlaps(spanOf(other), spanOf(place)),
    );
  }

  book(place: { start: number; minutes: number }): Appointment {
    const appointment = { ...place, id: `a${this.appointments.size + 1}`, version: 1, ownerVersion: 1, present: true };
    return this.#write(appointment);
  }

  change(id: string, to: Partial<Appointment>): Appointment {
    const known = this.appointments.get(id)!;
    return this.#write({ ...known, ...to, version: known.version + 1 });
  }

  once(key: string, change: () => string): Appointment {
    const id = this.#done.get(key) ?? change();
    this.#done.set(key, id);
    return this.appointments.get(id)!;
  }

  takeIn({ start, minutes }: Standing, chainId: string): string {
    if (!this.free({ start, minutes }, '')) throw new Refusal('SLOT_TAKEN');
    const { id } = this.book({ start, minutes });
    this.takenIn.set(id, chainId);
    return id;
  }

  apply(id: string, to: Partial<Appointment>, expected: number, pushedVersion: number): string {
    const known = this.appointments.get(id)!;
    if (to.present !== false && !known.present) throw new Refusal('APPOINTMENT_NOT_CHANGEABLE');
    if (to.present === false && !known.present) return id;
    if (to.start === known.start && to.minutes === known.minutes) return id;
    if (expected !== 0 && known.version !== expected) throw new Refusal('VERSION_CONFLICT');
    if (to.start !== undefined && !this.free({ ...known, ...to }, id)) throw new Refusal('SLOT_TAKEN');
    if (known.ownerVersion > pushedVersion) this.overridden = true;
    this.change(id, to);
    return id;
  }

  #write(appointment: Appointment): Appointment {
    this.appointments.set(appointment.id, appointment);
    this.events.push(appointment);
    return appointment;
  }
}
