import type { z } from 'zod';
import type * as contract from '@daybook/http-contract/calendar-connections';
import type { BookingSide__Output } from '@daybook/protos/gen/daybook/calendarsync/v1/BookingSide';
import type { GetLedgerEntryResponse__Output } from '@daybook/protos/gen/daybook/calendarsync/v1/GetLedgerEntryResponse';
import type { LedgerEntry__Output } from '@daybook/protos/gen/daybook/calendarsync/v1/LedgerEntry';
import type { ListLedgerResponse__Output } from '@daybook/protos/gen/daybook/calendarsync/v1/ListLedgerResponse';
import type { Sweep__Output } from '@daybook/protos/gen/daybook/calendarsync/v1/Sweep';
import type { SweepDifference__Output } from '@daybook/protos/gen/daybook/calendarsync/v1/SweepDifference';
import type { SweepSummary__Output } from '@daybook/protos/gen/daybook/calendarsync/v1/SweepSummary';
import type { SyncAttempt__Output } from '@daybook/protos/gen/daybook/calendarsync/v1/SyncAttempt';
import { mapSyncState } from './appointments.ts';
import { instantToJson, optionalInstant, optionalText, required } from './instants.ts';

type BookingSide = z.output<typeof contract.bookingSide>;
type SyncAttempt = z.output<typeof contract.syncAttempt>;
type SweepDifference = z.output<typeof contract.sweepDifference>;

/** A side as the public surface shows it; absent when nothing was ever seen there. */
function mapSide<Name extends string>(
  name: Name,
  side: BookingSide__Output | null,
): Partial<Record<Name, BookingSide>> {
  if (!side || side.status === '') return {};
  const mapped: BookingSide = {
    status: side.status,
    ...optionalInstant('start', side.start),
    ...(side.durationMinutes === 0 ? {} : { durationMinutes: side.durationMinutes }),
    ...optionalText('customerName', side.customerName),
  };
  return { [name]: mapped } as Record<Name, BookingSide>;
}

/** A line of the ledger as the public surface shows it. */
export function mapLedgerEntry(entry: LedgerEntry__Output): contract.LedgerEntry {
  return {
    appointmentId: entry.appointmentId,
    state: mapSyncState(entry.state),
    ...mapSide('ours', entry.ours),
    ...mapSide('theirs', entry.theirs),
    ...optionalText('externalUid', entry.externalUid),
    attempts: entry.attempts,
    ...optionalText('lastError', entry.lastError),
    ...optionalInstant('nextAttemptAt', entry.nextAttemptAt),
    ...optionalInstant('syncedAt', entry.syncedAt),
    madeThere: entry.madeThere,
    updatedAt: instantToJson(entry.updatedAt),
  };
}

/** A page of the ledger as the public surface shows it. */
export function mapLedgerPage(page: ListLedgerResponse__Output): contract.LedgerPage {
  return {
    items: page.entries.map(mapLedgerEntry),
    ...optionalText('nextCursor', page.nextCursor),
    counts: page.counts,
  };
}

function mapAttempt(attempt: SyncAttempt__Output): SyncAttempt {
  return {
    at: instantToJson(attempt.at),
    durationMilliseconds: attempt.durationMilliseconds,
    action: attempt.action as SyncAttempt['action'],
    outcome: attempt.outcome as SyncAttempt['outcome'],
    ...(attempt.status === 0 ? {} : { status: attempt.status }),
    message: attempt.message,
  };
}

/** One line with its tries as the public surface shows it. */
export function mapLedgerDetails(details: GetLedgerEntryResponse__Output): contract.LedgerDetails {
  return {
    ...mapLedgerEntry(required(details.entry)),
    tries: details.attempts.map(mapAttempt),
    externalUids: details.externalUids,
  };
}

/** A comparison in numbers as the public surface shows it. */
export function mapSweepSummary(sweep: SweepSummary__Output): contract.SweepSummary {
  return {
    id: sweep.id,
    startedAt: instantToJson(sweep.startedAt),
    ...optionalInstant('finishedAt', sweep.finishedAt),
    compared: sweep.compared,
    differences: sweep.differences,
    repaired: sweep.repaired,
    ...optionalText('error', sweep.error),
  };
}

function mapDifference(difference: SweepDifference__Output): SweepDifference {
  return {
    ...optionalText('appointmentId', difference.appointmentId),
    ...optionalText('externalUid', difference.externalUid),
    kind: difference.kind as SweepDifference['kind'],
    ...mapSide('ours', difference.ours),
    ...mapSide('theirs', difference.theirs),
    outcome: difference.outcome as SweepDifference['outcome'],
  };
}

/** A comparison with what it found as the public surface shows it. */
export function mapSweep(sweep: Sweep__Output): contract.SweepList['items'][number] {
  return { ...mapSweepSummary(required(sweep.summary)), differencesFound: sweep.differences.map(mapDifference) };
}
