import { withTransaction } from '@daybook/runtime/postgres';
import { recordTypeSetback, recordTypeShown, type EventTypeRow } from '../db/event-type-repository.ts';
import { CALCOM } from '../events/calendar-sync-events.ts';
import { TargetError } from '../targets/target.ts';
import { pauseOfRepeatable } from './hours-step.ts';
import type { StepDeps, StepReport } from './link-step.ts';
import { syncAttempts, syncLatency } from './metrics.ts';

/** Makes the target offer an appointment type. Writing it twice is harmless, so a lost answer is simply repeated. */
export async function stepType(deps: StepDeps, row: EventTypeRow): Promise<StepReport> {
  const { version, offer, eventTypeId, scheduleId } = row;
  try {
    const answer = await deps.target.putEventType({ ...offer, eventTypeId, scheduleId });
    deps.lease.fence();
    await withTransaction(deps.database, (tx) => recordTypeShown(tx, row, { ...answer, version }));
    syncLatency.observe({ target: CALCOM, operation: 'event_type' }, (deps.now() - row.changedAt) / 1000);
    syncAttempts.inc({ target: CALCOM, result: 'ok' });
    return { kind: 'done', result: 'ok' };
  } catch (error) {
    if (!(error instanceof TargetError)) throw error;
    syncAttempts.inc({ target: CALCOM, result: error.fault.kind });
    const setback = { version, message: error.words, ...pauseOfRepeatable(deps, row, error) };
    await withTransaction(deps.database, (tx) => recordTypeSetback(tx, row, setback));
    const { kind } = error.fault;
    const doubt = kind === 'unavailable' || kind === 'garbage' || kind === 'unauthorized';
    return doubt ? { kind: 'in_doubt', result: kind, error } : { kind: 'done', result: kind };
  }
}
