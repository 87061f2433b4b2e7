/** A place in both streams at once: of each, which making of it (its creation) and the last sequence number delivered. */
export type Position = { scheduling: StreamPlace; calendarSync: StreamPlace };

/** A place in one stream. `epoch` tells a re-made stream, whose numbers begin anew, from the old one. */
export type StreamPlace = { epoch: string; sequence: number };

/** The `id` of a live message: both places, so that any pod can tell what a returning browser has missed. */
export function formatPosition(position: Position): string {
  const { scheduling, calendarSync } = position;
  return `${scheduling.epoch}.${scheduling.sequence}-${calendarSync.epoch}.${calendarSync.sequence}`;
}

/** The reverse of formatPosition; undefined for anything else. */
export function parsePosition(text: string): Position | undefined {
  const match = /^([0-9a-z]{1,16})\.(\d{1,15})-([0-9a-z]{1,16})\.(\d{1,15})$/.exec(text);
  if (!match) return undefined;
  const [, schedulingEpoch = '', schedulingSequence, syncEpoch = '', syncSequence] = match;
  return {
    scheduling: { epoch: schedulingEpoch, sequence: Number(schedulingSequence) },
    calendarSync: { epoch: syncEpoch, sequence: Number(syncSequence) },
  };
}
