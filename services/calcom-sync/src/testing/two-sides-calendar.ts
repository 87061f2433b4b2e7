import type { TheirBooking } from '../targets/target.ts';

/** A booking as the model keeps it. */
export type Stored = TheirBooking & { active: boolean };

/** A calendar that gives a new uid on every move, and on which calls may take effect after they were given up. */
export class ModelCalendar {
  readonly bookings: Stored[] = [];
  readonly #byUid = new Map<string, Stored>();
  #pending: (() => void)[] = [];
  #issued = 0;

  /** A new booking; `from`: the one it is moved from. */
  add(place: { start: number; minutes: number; appointmentId: string }, from?: Stored): Stored {
    this.#issued += 1;
    const uid = `u${this.#issued}`;
    const booking: Stored = {
      ...place,
      uid,
      active: true,
      status: 'accepted',
      createdAt: this.#issued,
      updatedAt: this.#issued,
      movedTo: '',
      movedFrom: from?.uid ?? '',
      chainId: from?.chainId ?? uid,
      hostedByUs: true,
      seated: false,
      attendees: [],
      eventTypeId: '1',
      eventTypeSlug: '',
      notes: '',
      reason: '',
    };
    this.bookings.push(booking);
    this.#byUid.set(uid, booking);
    return booking;
  }

  active(): Stored[] {
    return this.bookings.filter(({ active }) => active);
  }

  byUid(uid: string): Stored | undefined {
    return this.#byUid.get(uid);
  }

  /** The link to a successor may be missing; its own link back is not. */
  after({ movedTo, uid }: Stored): Stored | undefined {
    return this.#byUid.get(movedTo) ?? this.bookings.find(({ movedFrom }) => movedFrom === uid);
  }

  end(booking: Stored): void {
    booking.active = false;
    booking.status = 'cancelled';
  }

  move(old: Stored, start: number, staleLink = false): Stored {
    this.end(old);
    const moved = this.add({ start, minutes: old.minutes, appointmentId: old.appointmentId }, old);
    if (!staleLink) old.movedTo = moved.uid;
    return moved;
  }

  /** The target's own timeout has passed: whatever was in flight has landed. */
  land(): void {
    for (const effect of this.#pending.splice(0)) effect();
  }

  later(effect: () => void): void {
    this.#pending.push(effect);
  }
}
