import { randomUUID } from 'node:crypto';
import { appendToOutbox } from '@daybook/runtime/outbox';
import { withTransaction } from '@daybook/runtime/postgres';
import { lockAppointmentType, updateAppointmentType as storeType } from '../db/appointment-type-repository.ts';
import { isSlugTaken } from '../db/constraint-errors.ts';
import { insertAppointmentType } from '../db/organization-repository.ts';
import { requireVersion } from '../domain/appointment.ts';
import {
  type AppointmentType,
  type AppointmentTypeInput,
  validateAppointmentType,
} from '../domain/appointment-type.ts';
import { appointmentTypeNotFound, defaultTypeRequired, slugTaken } from '../domain/errors.ts';
import type { Actor } from '../domain/policy.ts';
import { appointmentTypeEvent } from '../events/scheduling-events.ts';
import { admit } from './admit.ts';
import type { Dependencies } from './dependencies.ts';

/** Makes a type. @throws DomainError SLUG_TAKEN, NOT_PERMITTED; ValidationError */
export function createAppointmentType(
  deps: Dependencies,
): (actor: Actor, input: AppointmentTypeInput) => Promise<AppointmentType> {
  return async (actor, input) => {
    await admit(deps, actor, 'manage-appointment-types');
    const accepted = { ...validateAppointmentType(input), archived: false };
    const { organizationId } = actor;
    const type = { ...accepted, id: randomUUID(), organizationId, isDefault: false, version: 1 };
    return nameSlug(type.slug, () =>
      withTransaction(deps.database, async (tx) => {
        await insertAppointmentType(tx, type);
        await appendToOutbox(tx, [appointmentTypeEvent(type, deps.clock.now().getTime())]);
        return type;
      }),
    );
  };
}

/**
 * Replaces what can be set on a type; booked appointments keep their time. Equal content changes nothing.
 * @param expectedVersion 0 asks for no check
 * @throws DomainError APPOINTMENT_TYPE_NOT_FOUND, SLUG_TAKEN, VERSION_CONFLICT, DEFAULT_TYPE_REQUIRED; ValidationError
 */
export function updateAppointmentType(
  deps: Dependencies,
): (actor: Actor, id: string, input: AppointmentTypeInput, expectedVersion: number) => Promise<AppointmentType> {
  return async (actor, id, input, expectedVersion) => {
    await admit(deps, actor, 'manage-appointment-types');
    const accepted = validateAppointmentType(input);
    return nameSlug(accepted.slug, () =>
      withTransaction(deps.database, async (tx) => {
        const current = await lockAppointmentType(tx, actor.organizationId, id);
        if (!current) throw appointmentTypeNotFound();
        requireVersion(current, expectedVersion);
        if (current.isDefault && accepted.archived) throw defaultTypeRequired();
        if (JSON.stringify(content(current)) === JSON.stringify(content(accepted))) return current;
        const type = { ...current, ...content(accepted), version: current.version + 1 };
        await storeType(tx, id, accepted, type.version);
        await appendToOutbox(tx, [appointmentTypeEvent(type, deps.clock.now().getTime())]);
        return type;
      }),
    );
  };
}

function content(type: AppointmentTypeInput): AppointmentTypeInput {
  return {
    name: type.name,
    slug: type.slug,
    durationsMinutes: type.durationsMinutes,
    bufferBeforeMinutes: type.bufferBeforeMinutes,
    bufferAfterMinutes: type.bufferAfterMinutes,
    minimumNoticeMinutes: type.minimumNoticeMinutes,
    horizonDays: type.horizonDays,
    slotStepMinutes: type.slotStepMinutes,
    color: type.color,
    archived: type.archived,
  };
}

async function nameSlug<T>(slug: string, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    throw isSlugTaken(error) ? slugTaken(slug) : error;
  }
}
