import { randomUUID } from 'node:crypto';
import { appendToOutbox } from '@daybook/runtime/outbox';
import { withTransaction } from '@daybook/runtime/postgres';
import {
  insertAppointmentType,
  insertOrganization,
  insertProvider,
  organizationExists,
} from '../db/organization-repository.ts';
import { defaultAppointmentType } from '../domain/appointment-type.ts';
import { emptyAvailability } from '../domain/availability.ts';
import { appointmentTypeEvent, availabilityEvent } from '../events/scheduling-events.ts';
import type { Dependencies } from './dependencies.ts';

/**
 * Makes an organisation on the first request of one of its people: one provider with an empty calendar and one default
 * appointment type. Of racing first requests one makes it, the others wait for its commit.
 */
export async function provisionOrganization(deps: Dependencies, organizationId: string): Promise<void> {
  if (deps.provisioned.has(organizationId)) return;
  if (!(await organizationExists(deps.database, organizationId))) await makeOrganization(deps, organizationId);
  deps.provisioned.add(organizationId);
}

async function makeOrganization(deps: Dependencies, organizationId: string): Promise<void> {
  const { defaultTimeZone } = deps.settings;
  const provider = { id: randomUUID(), organizationId, name: 'Practice', timeZone: defaultTimeZone };
  const type = { ...defaultAppointmentType, id: randomUUID(), organizationId, isDefault: true, version: 1 };
  const now = deps.clock.now().getTime();
  await withTransaction(deps.database, async (tx) => {
    if (!(await insertOrganization(tx, organizationId, 'Practice'))) return;
    await insertProvider(tx, provider);
    await insertAppointmentType(tx, type);
    await appendToOutbox(tx, [
      availabilityEvent(provider, emptyAvailability(defaultTimeZone), 1, now),
      appointmentTypeEvent(type, now),
    ]);
  });
}
