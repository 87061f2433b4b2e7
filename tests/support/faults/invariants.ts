import type { Appointment } from '@daybook/http-contract/appointments';
import { differences, type Booking } from '../../calcom/support/both-sides.ts';
import { checkHistory, type FinalAppointment, type Operation } from '../history.ts';

/** Times, ms, before and during a fault. */
export type Pace = { before: readonly number[]; during: readonly number[] };

/** Memory and open files of one process, its callers in line for the database, or connections of one database. */
export type Resource = { name: string; before: number; after: number; allowed: number };

/** Everything that the invariants are decided from, gathered from every store after a scenario has healed. */
export type Evidence = {
  history: readonly Operation[];
  appointments: readonly Appointment[];
  /** Pairs that PostgreSQL itself finds to overlap. */
  overlapsBySql: number;
  /** The first and a repeated answer of acknowledged bookings, by key. */
  replays: readonly { key: string; first: string; again: string }[];
  /** As stored, epoch ms; with the versions that have a line of history, and those that have an event. */
  stored: readonly {
    id: string;
    start: number;
    end: number;
    version: number;
    history: readonly number[];
    events: readonly number[];
  }[];
  /** Events that calendar sync never applied. */
  unapplied: readonly string[];
  /** What calendar sync wants of each appointment: by which version, and what became of it. */
  ledger: readonly { id: string; version: number; state: string; attempts: number }[];
  /** Versions that were seen to fall while the scenario ran. */
  fellBack: readonly string[];
  bookings: readonly Booking[];
  /** 429 answers of Cal.com that no fault rule asked for. */
  throttled: number;
  /** When calls reached a Cal.com that answered none of them well, epoch ms; absent where that was not the fault. */
  outageCalls: readonly number[] | undefined;
  /**
   * Booking, milliseconds, before and during a fault off the booking path; absent when the fault is on it. `control`: the
   * same of a statement sent straight to PostgreSQL, which says what the machine alone made slower.
   */
  offPath: (Pace & { control: Pace; refused: number }) | undefined;
  resources: readonly Resource[];
  /** How long events took from the broker to calendar sync while one among them could not be read, ms; absent without one. */
  besidePoison: readonly number[] | undefined;
  /** What PostgreSQL says of transactions that waited for each other in a circle. */
  deadlocks: readonly string[];
  /** Answers that held what is another's. */
  foreign: readonly string[];
  /** Work that is left although everything healed. */
  stuck: readonly string[];
  /** Lines of logs with a secret, a token or an address in them; only what was found is told, not the secret. */
  leaks: readonly string[];
};

/** The attempts after which calendar sync parks a change and asks a person. */
const mostAttempts = 8;

const toFinal = ({ id, status, start, end, version, notes }: Appointment): FinalAppointment => ({
  id,
  status,
  start: Date.parse(start),
  end: Date.parse(end),
  version,
  key: notes,
});

/** After the first faults and the probe that makes sure of them, Cal.com is asked again no sooner than this, ms. */
const probePauseMs = 500;
const callsBeforeProbes = 3;
/** The longest an event may take while another cannot be read, ms: far less than the broker waits for an answer. */
const besidePoisonMs = 10_000;
/** With fewer bookings than this the slowest of a hundred is nobody's. */
const enoughForTails = 50;

const share = (values: readonly number[], part: number): number =>
  values.toSorted((a, b) => a - b)[Math.min(values.length - 1, Math.floor(values.length * part))] ?? 0;

/** The faults of a history under the invariant that each breaks. */
function historyFaults({ history, appointments }: Evidence): string[] {
  const of = (fault: string): string => {
    if (fault.startsWith('overlap')) return 'I1';
    return /^(one key|doubled)/.test(fault) ? 'I3' : 'I2';
  };
  return checkHistory(history, appointments.map(toFinal)).map((fault) => `${of(fault)} ${fault}`);
}

function* isCountedFromOne(versions: readonly number[], upTo: number): Generator<string> {
  const sorted = versions.toSorted((a, b) => a - b);
  if (sorted.length !== upTo || sorted.some((version, index) => version !== index + 1))
    yield `versions ${sorted.join(', ')} where 1 to ${upTo} must stand once each`;
}

function* versionFaults({ stored }: Evidence): Generator<string> {
  for (const { id, version, history, events } of stored) {
    for (const fault of isCountedFromOne(events, version)) yield `I5 events of ${id}: ${fault}`;
    for (const fault of isCountedFromOne(history, version)) yield `I5 history of ${id}: ${fault}`;
  }
}

function* applicationFaults({ unapplied, ledger, stored, fellBack }: Evidence): Generator<string> {
  for (const event of unapplied) yield `I6 event ${event} was never applied`;
  for (const fault of fellBack) yield `I6 ${fault}`;
  const known = new Map(ledger.map(({ id, version }) => [id, version]));
  for (const { id, version } of stored)
    if (known.get(id) !== version) yield `I6 ${id} is at ${version}, calendar sync knows ${known.get(id) ?? 'nothing'}`;
}

function* syncFaults(evidence: Evidence): Generator<string> {
  const { appointments, bookings, ledger, throttled, stuck, outageCalls = [], besidePoison = [], deadlocks } = evidence;
  for (const fault of differences(appointments, bookings)) yield `I7 ${fault}`;
  if (throttled > 0) yield `I8 Cal.com was asked more often than it grants: ${throttled} times 429`;
  for (const { id, attempts } of ledger)
    if (attempts > mostAttempts) yield `I8 ${id} was tried ${attempts} times, ${mostAttempts} is the most`;
  for (const [index, at] of outageCalls.entries()) {
    const pause = at - (outageCalls[index - 1] ?? -Infinity);
    if (index >= callsBeforeProbes && pause < probePauseMs)
      yield `I8 Cal.com was asked again after ${pause} ms while it answered nothing`;
  }
  const slowest = Math.max(0, ...besidePoison);
  if (slowest > besidePoisonMs) yield `I13 an event waited ${slowest} ms beside one that nobody can read`;
  for (const deadlock of deadlocks) yield `I13 transactions waited for each other: ${deadlock}`;
  for (const fault of stuck) yield `I13 ${fault}`;
  for (const { id, state } of ledger) if (state !== 'in_step') yield `I13 ${id} is left ${state}`;
}

/** Times as stored, as shown and as asked are one instant each, in UTC, and a length is elapsed time. */
function* timeFaults({ appointments, stored, history }: Evidence): Generator<string> {
  const kept = new Map(stored.map((one) => [one.id, one]));
  const asked = new Map(
    history.flatMap(({ kind, key, start, end }) => (kind === 'book' ? [[key, end! - start!]] : [])),
  );
  for (const { id, start, end, notes } of appointments) {
    const row = kept.get(id);
    if (!start.endsWith('Z') || !end.endsWith('Z')) yield `I12 ${id} is not told in UTC: ${start}`;
    if (row && (row.start !== Date.parse(start) || row.end !== Date.parse(end)))
      yield `I12 ${id} is stored at another instant than it is shown`;
    const length = asked.get(notes);
    if (length !== undefined && Date.parse(end) - Date.parse(start) !== length)
      yield `I12 ${id} lasts ${Date.parse(end) - Date.parse(start)} ms, ${length} were asked for`;
  }
}

/** The slowest of a hundred may take half as long again, beside what the machine made everything slower by. */
function* tailFaults({ before, during, control }: NonNullable<Evidence['offPath']>): Generator<string> {
  if (Math.min(before.length, during.length) < enoughForTails) return;
  const noise = Math.max(1, share(control.during, 0.99) / Math.max(1, share(control.before, 0.99)));
  const [was, is] = [share(before, 0.99), share(during, 0.99)];
  // The control only reads: what a busy disk or core adds to a commit is left as half a second.
  if (is > was * 1.5 * noise + 500)
    yield `I9 the slowest of a hundred bookings took ${Math.round(is)} ms instead of ${Math.round(was)} ms, where the machine alone explains ${noise.toFixed(1)} times`;
}

function* costFaults({ offPath, resources }: Evidence): Generator<string> {
  if (offPath) {
    if (offPath.refused > 0) yield `I9 ${offPath.refused} bookings failed for a part that booking does not need`;
    const [before, during] = [share(offPath.before, 0.5), share(offPath.during, 0.5)];
    // A generous factor: the machine is shared. What must not happen is a request that waits for the dead part (seconds).
    if (during > before * 3 + 50) yield `I9 booking took ${Math.round(during)} ms instead of ${Math.round(before)} ms`;
    yield* tailFaults(offPath);
  }
  for (const { name, before, after, allowed } of resources)
    if (after > allowed) yield `I10 ${name} went from ${before} to ${after}, at most ${allowed} may be left`;
}

/**
 * Every invariant I1 to I14 that the evidence contradicts, each fault with its number first; empty when all hold. It reads
 * nothing itself, so that broken evidence can be given to it (invariants.test.ts).
 */
export function checkInvariants(evidence: Evidence): string[] {
  const { history, overlapsBySql, replays, foreign, leaks } = evidence;
  return [
    ...(overlapsBySql > 0 ? [`I1 PostgreSQL finds ${overlapsBySql} overlapping pairs`] : []),
    ...historyFaults(evidence),
    ...replays
      .filter(({ first, again }) => first !== again)
      .map(({ key, first, again }) => `I3 the key ${key} was answered ${first}, then ${again}`),
    ...history
      .filter(({ kind, outcome }) => kind === 'book' && outcome === 'unknown')
      .map(({ key }) => `I4 the outcome of ${key} is still unknown`),
    ...versionFaults(evidence),
    ...applicationFaults(evidence),
    ...syncFaults(evidence),
    ...costFaults(evidence),
    ...foreign.map((what) => `I11 ${what}`),
    ...timeFaults(evidence),
    ...leaks.map((what) => `I14 ${what}`),
  ];
}
