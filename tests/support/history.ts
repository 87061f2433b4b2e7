/**
 * History check in the manner of Jepsen: clients write down what they asked and what they were told, keeping "failed" apart
 * from "don't know"; afterwards the final state must be explicable by the history. Nothing here knows how Daybook works.
 */
export type Operation = {
  kind: 'book' | 'reschedule' | 'cancel' | 'read';
  /** ok: acknowledged; fail: refused, so it must have no effect; unknown: no answer or a 5xx, so it may have taken effect. */
  outcome: 'ok' | 'fail' | 'unknown';
  /** Idempotency key of a booking; names the intent before an id exists. */
  key?: string;
  /** Known for every acknowledged operation and for moves and cancels. */
  appointmentId?: string;
  /** Requested (book, reschedule), epoch ms. */
  start?: number;
  /** Requested end (book) or acknowledged end (reschedule), epoch ms. */
  end?: number;
  /** Version acknowledged, or read. */
  version?: number;
  /** The intent that the answer held; another than ours would be somebody else's. */
  heard?: string;
  /** When asked and when answered, epoch ms of one clock. */
  invokedAt: number;
  completedAt: number;
};

/** An appointment as the system shows it in the end. Times are epoch ms. */
export type FinalAppointment = {
  id: string;
  status: string;
  start: number;
  end: number;
  version: number;
  /** The intent, carried in the notes by the test's clients. */
  key: string;
};

const active = (appointment: FinalAppointment): boolean =>
  appointment.status === 'scheduled' || appointment.status === 'completed';

function overlaps(final: readonly FinalAppointment[]): string[] {
  const sorted = final.filter(active).toSorted((a, b) => a.start - b.start || a.end - b.end);
  return sorted.flatMap((appointment, index) => {
    const next = sorted[index + 1];
    return next && next.start < appointment.end ? [`overlap: ${appointment.id} and ${next.id}`] : [];
  });
}

function bookings(history: readonly Operation[], final: readonly FinalAppointment[]): string[] {
  const faults: string[] = [];
  const byId = new Map(final.map((appointment) => [appointment.id, appointment]));
  const asked = new Set(
    history.filter(({ kind, outcome }) => kind === 'book' && outcome !== 'fail').map(({ key }) => key),
  );
  const idOfKey = new Map<string, string>();
  for (const { kind, outcome, key, appointmentId } of history) {
    if (kind !== 'book' || outcome !== 'ok' || !appointmentId) continue;
    if (!byId.has(appointmentId)) faults.push(`lost: acknowledged booking ${appointmentId} is gone`);
    if (!key) continue;
    const other = idOfKey.get(key);
    if (other && other !== appointmentId)
      faults.push(`one key, two effects: ${key} gave ${other} and ${appointmentId}`);
    idOfKey.set(key, appointmentId);
  }
  const seen = new Set<string>();
  for (const { id, key } of final) {
    if (!asked.has(key)) faults.push(`phantom: ${id} was never asked for, or was refused`);
    if (seen.has(key)) faults.push(`doubled: intent ${key} stands twice`);
    seen.add(key);
  }
  return faults;
}

/** The states an appointment may be in after its operations: the last acknowledged one, or any later or concurrent unknown. */
function lastStates(history: readonly Operation[], appointment: FinalAppointment): string[] {
  const own = history.filter(
    (operation) =>
      operation.outcome !== 'fail' &&
      operation.kind !== 'read' &&
      (operation.appointmentId === appointment.id || operation.key === appointment.key),
  );
  const acknowledged = own.filter(({ outcome }) => outcome === 'ok');
  const faults: string[] = [];
  for (const earlier of acknowledged)
    for (const later of acknowledged)
      if (
        later.invokedAt > earlier.completedAt &&
        earlier.version !== undefined &&
        later.version !== undefined &&
        later.version < earlier.version
      )
        faults.push(`version went back: ${appointment.id} from ${earlier.version} to ${later.version}`);
  const highest = acknowledged.reduce((top, { version = 0 }) => Math.max(top, version), 0);
  if (appointment.version < highest)
    faults.push(`stale: ${appointment.id} is at ${appointment.version}, ${highest} was acknowledged`);
  const newest = acknowledged.find(({ version }) => version === appointment.version);
  const maybe = own.filter(({ outcome }) => outcome === 'unknown');
  const explains = (operation: Operation): boolean => {
    if (operation.kind === 'cancel') return appointment.status === 'cancelled';
    const timeFits =
      operation.start === appointment.start && (operation.end === undefined || operation.end === appointment.end);
    return timeFits && appointment.status !== 'cancelled';
  };
  // A cancelled appointment keeps the time it had, so a cancel explains any time; otherwise the newest word must fit.
  const candidates = newest ? [newest] : maybe;
  if (candidates.length === 0 || !candidates.some(explains))
    faults.push(
      `unexplained: ${appointment.id} v${appointment.version} ${appointment.status} follows from no operation`,
    );
  return faults;
}

/** Reads that showed less than what had been acknowledged, or read, before they were asked. */
function staleReads(history: readonly Operation[]): string[] {
  const told = Map.groupBy(
    history.filter(({ outcome, version, appointmentId }) => outcome === 'ok' && version && appointmentId),
    ({ appointmentId }) => appointmentId,
  );
  return [...told].flatMap(([id, operations]) =>
    operations
      .filter(({ kind }) => kind === 'read')
      .flatMap((read) => {
        const before = operations.filter(({ completedAt }) => completedAt < read.invokedAt);
        const known = before.reduce((top, { version = 0 }) => Math.max(top, version), 0);
        return read.version! < known ? [`stale read: ${id} was read at ${read.version} when ${known} was known`] : [];
      }),
  );
}

/**
 * Every way in which the final state contradicts the history; empty when it is explicable.
 * Looks for overlap (I1), lost, phantom, doubled (I2, I3), stale reads, versions that go back and states no operation led to.
 */
export function checkHistory(history: readonly Operation[], final: readonly FinalAppointment[]): string[] {
  return [
    ...overlaps(final),
    ...bookings(history, final),
    ...staleReads(history),
    ...final.flatMap((appointment) => lastStates(history, appointment)),
  ];
}
