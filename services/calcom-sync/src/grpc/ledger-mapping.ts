import type { BookingSide } from '@daybook/protos/gen/daybook/calendarsync/v1/BookingSide';
import type { LedgerEntry } from '@daybook/protos/gen/daybook/calendarsync/v1/LedgerEntry';
import type { Sweep } from '@daybook/protos/gen/daybook/calendarsync/v1/Sweep';
import type { SweepSummary } from '@daybook/protos/gen/daybook/calendarsync/v1/SweepSummary';
import type { SyncAttempt } from '@daybook/protos/gen/daybook/calendarsync/v1/SyncAttempt';
import { toTimestamp } from '@daybook/protos/instant';
import type { LedgerAttempt, LedgerLine } from '../domain/ledger-line.ts';
import type { listSweeps } from '../engine/sweeps.ts';
import { protoSyncStates } from '../events/calendar-sync-events.ts';

type ListedSweep = Awaited<ReturnType<ReturnType<typeof listSweeps>>>[number];
type Side = ListedSweep['differences'][number]['ours'];

const optionalTime = (date: Date | undefined) => (date ? toTimestamp(date) : null);

/** A line of the ledger as the proto says it; a side that was never seen is left out. */
export function toEntryMessage(line: LedgerLine): LedgerEntry {
  return {
    appointmentId: line.appointmentId,
    state: protoSyncStates[line.state],
    ours: toSide({ ...line.ours, durationMinutes: line.ours.minutes }),
    theirs: toSide({ ...line.theirs, durationMinutes: line.theirs.minutes }),
    externalUid: line.externalUid,
    attempts: line.attempts,
    lastError: line.message,
    nextAttemptAt: optionalTime(line.nextAttemptAt),
    syncedAt: optionalTime(line.syncedAt),
    madeThere: line.madeThere,
    updatedAt: toTimestamp(line.updatedAt),
  };
}

/** A try as the proto says it. */
export function toAttemptMessage(attempt: LedgerAttempt): SyncAttempt {
  const { at, durationMs, action, outcome, status, message } = attempt;
  return { at: toTimestamp(at), durationMilliseconds: durationMs, action, outcome, status, message };
}

/** A comparison in numbers as the proto says it. */
export function toSummaryMessage(sweep: {
  id: string;
  startedAt: Date;
  finishedAt: Date | undefined;
  compared: number;
  differences: number;
  repaired: number;
  error: string;
}): SweepSummary {
  const { id, compared, differences, repaired, error } = sweep;
  const times = { startedAt: toTimestamp(sweep.startedAt), finishedAt: optionalTime(sweep.finishedAt) };
  return { id, ...times, compared, differences, repaired, error };
}

/** A comparison with what it found as the proto says it. */
export function toSweepMessage(sweep: ListedSweep): Sweep {
  return {
    summary: toSummaryMessage(sweep.summary),
    differences: sweep.differences.map(({ appointmentId, externalUid, kind, ours, theirs, outcome }) => ({
      appointmentId,
      externalUid,
      kind,
      ours: toSide(ours),
      theirs: toSide(theirs),
      outcome,
    })),
  };
}

function toSide({ status, start, durationMinutes, customerName }: Side): BookingSide | null {
  return status === '' ? null : { status, start: optionalTime(start), durationMinutes, customerName };
}
