import type { Appointment, Attendance } from '@daybook/http-contract/appointments';
import type { Block, CreateBlockRequest, UpdateBlockRequest } from '@daybook/http-contract/practice';
import type { QueryClient } from '@tanstack/react-query';
import type { TFunction } from 'i18next';
import { attendanceMutation, attendanceOf } from '../features/appointments/api/record-attendance.ts';
import { restoreMutation } from '../features/appointments/api/restore-appointment.ts';
import { updateMutation } from '../features/appointments/api/update-appointment.ts';
import { rescheduleMutation } from '../features/booking/api/reschedule-appointment.ts';
import { createBlockMutation } from '../features/calendar/api/create-block.ts';
import { deleteBlockMutation } from '../features/calendar/api/delete-block.ts';
import { updateBlockMutation } from '../features/calendar/api/update-block.ts';
import { canOverride, describeError } from '../lib/problem.ts';
import { runMutation } from '../lib/run-mutation.ts';
import { formatSpan } from '../lib/time.ts';
import { offerUndo } from '../lib/undo.ts';
import { announce } from '../ui/announcer.tsx';
import { showToast } from '../ui/toast.ts';

/** Where something is to stand. */
export type NewPlace = { start: string; durationMinutes: number };

/** What the actions stand on. */
export type ActionGround = { client: QueryClient; t: TFunction; timeZone: string; locale: string };

/** What can be done, by name. */
export type Actions = ReturnType<typeof makeActions>;

/**
 * What can be done to an appointment or to blocked time, wherever it is done. Each shows at once, says what it did, and offers to take
 * it back; what the server refuses is put back and thrown, except where it says otherwise.
 */
export function makeActions({ client, t, timeZone, locale }: ActionGround) {
  const spanOf = (part: { start: string; end: string }) => formatSpan(part.start, part.end, timeZone, locale);
  const refuse = (title: string, error: unknown) => {
    announce(`${title}. ${describeError(error, t)}`);
    showToast({ title, description: describeError(error, t), tone: 'error' });
  };

  /** One request whichever way it changes: a new start alone is a move and says so in the history. */
  const place = (before: Appointment, to: NewPlace, override: boolean) => {
    const sameStart = Date.parse(to.start) === Date.parse(before.start);
    const idempotencyKey = crypto.randomUUID();
    const extra = override ? { override } : {};
    if (to.durationMinutes === before.durationMinutes) {
      const body = { start: to.start, ...extra };
      return runMutation(client, rescheduleMutation(client), { before, body, idempotencyKey });
    }
    const body = { durationMinutes: to.durationMinutes, ...(sameStart ? {} : { start: to.start }), ...extra };
    return runMutation(client, updateMutation(client), { before, body, idempotencyKey });
  };
  const placeBack = async (now: Appointment, before: Appointment) => {
    try {
      await place(now, before, false);
    } catch (error) {
      // It stood there before, so the hours cannot speak against it now.
      if (!canOverride(error)) throw error;
      await place(now, before, true);
    }
  };

  /** Says that a move was made, and offers to move back. */
  const offerMoveBack = (before: Appointment, moved: Appointment) => {
    const sameLength = moved.durationMinutes === before.durationMinutes;
    const { name } = moved.customer;
    offerUndo({
      title: sameLength
        ? t('undo.moved', { name, span: spanOf(moved) })
        : t('undo.lengthChanged', { name, minutes: moved.durationMinutes }),
      undo: () => placeBack(moved, before),
    });
  };

  return {
    offerMoveBack,
    /** Says that an appointment was cancelled, and offers to take it back. */
    offerRestore: (cancelled: Appointment) =>
      offerUndo({
        title: t('undo.cancelled', { name: cancelled.customer.name }),
        description: spanOf(cancelled),
        undo: () => runMutation(client, restoreMutation(client), cancelled),
      }),
    /** Moves an appointment or changes its length. */
    async moveAppointment(before: Appointment, to: NewPlace, override = false): Promise<void> {
      offerMoveBack(before, await place(before, to, override));
    },
    /** Takes a cancellation back; a refusal is said. */
    async restore(cancelled: Appointment): Promise<void> {
      const { name } = cancelled.customer;
      try {
        const restored = await runMutation(client, restoreMutation(client), cancelled);
        const title = t('undo.restored', { name });
        announce(title);
        showToast({ title, description: spanOf(restored) });
      } catch (error) {
        refuse(t('undo.notRestored', { name }), error);
      }
    },
    /** Records how a visit went; a refusal is said. */
    async recordAttendance(before: Appointment, attendance: Attendance): Promise<void> {
      const { name } = before.customer;
      const earlier = attendanceOf(before);
      try {
        const recorded = await runMutation(client, attendanceMutation(client), { before, attendance });
        if (earlier === undefined) return;
        offerUndo({
          title: t(`undo.attendance.${attendance}`, { name }),
          undo: () => runMutation(client, attendanceMutation(client), { before: recorded, attendance: earlier }),
        });
      } catch (error) {
        refuse(t('undo.attendance.refused', { name }), error);
      }
    },
    /** Keeps time free of appointments. */
    async block(body: CreateBlockRequest): Promise<void> {
      const made = await runMutation(client, createBlockMutation(client), body);
      offerUndo({
        title: t('undo.blocked', { span: spanOf(made) }),
        undo: () => runMutation(client, deleteBlockMutation(client), made.id),
      });
    },
    /** Moves, resizes or renames blocked time. */
    async changeBlock(before: Block, body: UpdateBlockRequest): Promise<void> {
      const changed = await runMutation(client, updateBlockMutation(client), { id: before.id, body });
      const { start, end, title } = before;
      offerUndo({
        title: t('undo.blockChanged', { span: spanOf(changed) }),
        undo: () => runMutation(client, updateBlockMutation(client), { id: before.id, body: { start, end, title } }),
      });
    },
    /** Frees blocked time; a refusal is said. */
    async freeBlock(before: Block): Promise<void> {
      const { start, end, title, providerId } = before;
      try {
        await runMutation(client, deleteBlockMutation(client), before.id);
        offerUndo({
          title: t('undo.freed', { span: spanOf(before) }),
          undo: () => runMutation(client, createBlockMutation(client), { start, end, title, providerId }),
        });
      } catch (error) {
        refuse(t('undo.notFreed'), error);
      }
    },
  };
}
