import { fromTimestamp } from '@daybook/protos/instant';
import type { Appointment__Output } from '@daybook/protos/gen/daybook/scheduling/v1/Appointment';
import type {
  ApplyExternalChangeRequest,
  ApplyExternalChangeRequest__Output,
} from '@daybook/protos/gen/daybook/scheduling/v1/ApplyExternalChangeRequest';
import { DomainError } from '@daybook/runtime/errors';
import type { ApplyExternalChange } from '../inbound/scheduling-port.ts';
import type { Practice, TestAppointment } from './practice.ts';

/** What a practice answered to outside changes: one line each, for tests to count. */
export type ExternalLog = { key: string; kind: string; outcome: string }[];

/**
 * Scheduling's rules for outside changes, over a test practice: once per key, a clash is refused, a later change of ours
 * wins. The real ones are tested in scheduling; here they only have to answer alike.
 */
export function createExternalChanges(practice: Practice): {
  apply(request: ApplyExternalChangeRequest__Output): Promise<{ appointment: object; replayed: boolean }>;
  log: ExternalLog;
  notes: string[];
  bookedTypes: string[];
  /** As apply, for a caller in this process. */
  ask: ApplyExternalChange;
  setAway(away: boolean): void;
  takeIn(changeKey: string, start: number): Promise<void>;
} {
  const notes: string[] = [];
  const bookedTypes: string[] = [];
  let away = false;
  const done = new Map<string, string>();
  const log: ExternalLog = [];

  function requireFree(start: number, minutes: number, except: string): void {
    const end = start + minutes * 60_000;
    for (const blocked of practice.blocked) {
      if (blocked < end && start < blocked + 1_800_000) throw new DomainError('taken', 'SLOT_TAKEN', 'Blocked.');
    }
    for (const other of practice.appointments.values()) {
      if (other.id === except || other.status !== 'APPOINTMENT_STATUS_SCHEDULED') continue;
      if (other.start < end && start < other.start + other.minutes * 60_000) {
        throw new DomainError('taken', 'SLOT_TAKEN', 'This time is taken.');
      }
    }
  }

  function requireKnown(id: string): TestAppointment {
    const known = practice.appointments.get(id);
    if (!known) throw new DomainError('absent', 'APPOINTMENT_NOT_FOUND', 'There is no such appointment.');
    return known;
  }

  function requireVersion(known: TestAppointment, expected: number): void {
    if (expected !== 0 && known.version !== expected) {
      throw new DomainError('stale', 'VERSION_CONFLICT', 'It changed meanwhile.');
    }
  }

  async function change(request: ApplyExternalChangeRequest__Output): Promise<string> {
    const { booked, moved, cancelled, attendance, people } = request;
    if (booked) {
      const start = booked.start ? fromTimestamp(booked.start).getTime() : 0;
      requireFree(start, booked.durationMinutes, '');
      const { id } = await practice.book(start, booked.durationMinutes, booked.customer?.name);
      if (booked.notes !== '') notes.push(booked.notes);
      if (booked.appointmentTypeId !== '') bookedTypes.push(booked.appointmentTypeId);
      return id;
    }
    if (moved) {
      const known = requireKnown(moved.appointmentId);
      const start = moved.start ? fromTimestamp(moved.start).getTime() : 0;
      if (known.status !== 'APPOINTMENT_STATUS_SCHEDULED') {
        throw new DomainError('refused', 'APPOINTMENT_NOT_CHANGEABLE', 'It is over or cancelled.');
      }
      if (known.start === start && known.minutes === moved.durationMinutes) return known.id;
      requireVersion(known, moved.expectedVersion);
      requireFree(start, moved.durationMinutes, known.id);
      await practice.place(known.id, start, moved.durationMinutes);
      return known.id;
    }
    if (cancelled) {
      const known = requireKnown(cancelled.appointmentId);
      if (known.status === 'APPOINTMENT_STATUS_CANCELLED') return known.id;
      requireVersion(known, cancelled.expectedVersion);
      await practice.cancel(known.id);
      return known.id;
    }
    if (people) {
      const known = requireKnown(people.appointmentId);
      await practice.attend(known.id, known.status);
      // Told once it has taken effect: who waits for it then counts what was asked.
      notes.push(people.now);
      return known.id;
    }
    const known = requireKnown(attendance?.appointmentId ?? '');
    const noShow = attendance?.attendance === 'ATTENDANCE_NO_SHOW';
    await practice.attend(known.id, noShow ? 'APPOINTMENT_STATUS_NO_SHOW' : 'APPOINTMENT_STATUS_SCHEDULED');
    return known.id;
  }

  const api = {
    log,
    notes,
    bookedTypes,
    async ask(request: ApplyExternalChangeRequest) {
      const { appointment } = await api.apply(request as ApplyExternalChangeRequest__Output);
      return appointment as Appointment__Output;
    },
    setAway: (now: boolean) => {
      away = now;
    },
    async takeIn(changeKey: string, start: number) {
      done.set(changeKey, (await practice.book(start)).id);
      log.push({ key: changeKey, kind: 'booked', outcome: 'applied' });
    },
    async apply(request: ApplyExternalChangeRequest__Output) {
      if (away) throw new DomainError('unavailable', 'DATABASE_UNAVAILABLE', 'Not now.');
      const key = request.changeKey;
      const kind = request.change ?? '';
      const known = done.get(key);
      try {
        const id = known ?? (await change(request));
        done.set(key, id);
        log.push({ key, kind, outcome: known === undefined ? 'applied' : 'replayed' });
        return { appointment: practice.message(id), replayed: known !== undefined };
      } catch (error) {
        log.push({ key, kind, outcome: error instanceof DomainError ? error.code : 'failed' });
        throw error;
      }
    },
  };
  return api;
}
