/** How an appointment stands with the outside calendar. */
export type SyncState = 'off' | 'waiting' | 'in_step' | 'failed' | 'different';

/** What calendar sync last said about an appointment. Instants in epoch milliseconds. */
export type RecordedSync = {
  readonly appointmentVersion: number;
  readonly state: SyncState;
  readonly externalUid: string;
  /** Begin recorded there; undefined when nothing stands there. */
  readonly start: number | undefined;
  /** Length recorded there in minutes; 0 when nothing stands there. */
  readonly durationMinutes: number;
  readonly syncedAt: number | undefined;
  readonly lastError: string;
};

/** The mark an appointment shows. */
export type AppointmentSync = {
  readonly state: SyncState;
  readonly externalUid: string;
  readonly syncedAt: number | undefined;
  readonly lastError: string;
};

/** As much of an appointment as the mark depends on. */
export type SyncSubject = {
  readonly version: number;
  readonly start: number;
  readonly end: number;
  readonly status: string;
};

/**
 * The mark of an appointment. "In step" is said only when what was recorded there equals what stands here now; anything
 * said about an older version means that a newer change is on its way.
 * @param targetIsOn whether an outside calendar is connected at all
 */
export function deriveSync(
  appointment: SyncSubject,
  recorded: RecordedSync | undefined,
  targetIsOn: boolean,
): AppointmentSync {
  const known = {
    externalUid: recorded?.externalUid ?? '',
    syncedAt: recorded?.syncedAt,
    lastError: recorded?.lastError ?? '',
  };
  if (!targetIsOn || recorded?.state === 'off') return { ...known, state: 'off', lastError: '' };
  if (!recorded || recorded.appointmentVersion !== appointment.version) return { ...known, state: 'waiting' };
  if (recorded.state !== 'in_step') return { ...known, state: recorded.state };
  return { ...known, state: agrees(appointment, recorded) ? 'in_step' : 'waiting' };
}

function agrees(appointment: SyncSubject, recorded: RecordedSync): boolean {
  if (appointment.status === 'cancelled') return recorded.start === undefined;
  return (
    recorded.externalUid !== '' &&
    recorded.start === appointment.start &&
    recorded.durationMinutes * 60_000 === appointment.end - appointment.start
  );
}
