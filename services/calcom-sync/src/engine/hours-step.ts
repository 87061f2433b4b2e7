import { withTransaction } from '@daybook/runtime/postgres';
import { fullJitterBackoff } from '@daybook/runtime/work-queue';
import { recordHoursSetback, recordHoursShown, type AvailabilityRow } from '../db/availability-repository.ts';
import { makeTypesDue } from '../db/event-type-repository.ts';
import { expandOverrides } from '../domain/weekly-hours.ts';
import { CALCOM } from '../events/calendar-sync-events.ts';
import { TargetError } from '../targets/target.ts';
import { BACKOFF, FAULT_BACKOFF, type StepDeps, type StepReport } from './link-step.ts';
import { syncAttempts, syncLatency } from './metrics.ts';

const MAX_ATTEMPTS = 8;

/** Makes the target show a provider's hours. Writing them twice is harmless, so a lost answer is simply repeated. */
export async function stepHours(deps: StepDeps, row: AvailabilityRow): Promise<StepReport> {
  const { connectionId, providerId, hours } = row;
  const key = { connectionId, providerId };
  try {
    const { scheduleId } = await deps.target.putAvailability({
      name: row.scheduleName,
      scheduleId: row.scheduleId,
      timeZone: hours.timeZone,
      weekly: hours.weekly,
      dates: expandOverrides(hours, deps.now()),
    });
    deps.lease.fence();
    await withTransaction(deps.database, async (tx) => {
      await recordHoursShown(tx, key, { version: hours.version, scheduleId });
      // Event types offer the hours of a schedule, which until now was not there or was another one.
      if (scheduleId !== row.scheduleId) await makeTypesDue(tx, connectionId, 'all');
    });
    syncLatency.observe({ target: CALCOM, operation: 'availability' }, (deps.now() - row.changedAt) / 1000);
    syncAttempts.inc({ target: CALCOM, result: 'ok' });
    return { kind: 'done', result: 'ok' };
  } catch (error) {
    if (!(error instanceof TargetError)) throw error;
    syncAttempts.inc({ target: CALCOM, result: error.fault.kind });
    const setback = { version: hours.version, message: error.words, ...pauseOfRepeatable(deps, row, error) };
    await withTransaction(deps.database, (tx) => recordHoursSetback(tx, key, setback));
    const { kind } = error.fault;
    const doubt = kind === 'unavailable' || kind === 'garbage' || kind === 'unauthorized';
    return doubt ? { kind: 'in_doubt', result: kind, error } : { kind: 'done', result: kind };
  }
}

/** How long a call that may be repeated at will rests after a fault, and when it gives up. */
export function pauseOfRepeatable(
  deps: Pick<StepDeps, 'random'>,
  row: { attempts: number; faults: number },
  error: TargetError,
): { attempts: number; faults: number; dueInMs: number | undefined } {
  const { attempts, faults } = row;
  const pause = (earlier: number, backoff = BACKOFF) =>
    fullJitterBackoff({ attempt: earlier + 1, ...backoff, random: deps.random });
  switch (error.fault.kind) {
    case 'unauthorized':
    case 'throttled':
      return { attempts, faults, dueInMs: 0 };
    case 'unavailable':
    case 'garbage':
      return { attempts, faults: faults + 1, dueInMs: pause(faults, FAULT_BACKOFF) };
    case 'refused':
      return { attempts: attempts + 1, faults, dueInMs: attempts + 1 >= MAX_ATTEMPTS ? undefined : pause(attempts) };
  }
}
