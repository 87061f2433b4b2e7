import type { LinkState } from './connection.ts';

/** What stands on one side; `status` empty: never seen. */
export type Side = { status: string; start: Date | undefined; minutes: number; customerName: string };

/** One appointment's standing. */
export type LedgerLine = {
  appointmentId: string;
  state: LinkState;
  ours: Side;
  theirs: Side;
  externalUid: string;
  uids: string[];
  attempts: number;
  message: string;
  nextAttemptAt: Date | undefined;
  syncedAt: Date | undefined;
  madeThere: boolean;
  updatedAt: Date;
};

/** A try as it was recorded. */
export type LedgerAttempt = {
  at: Date;
  durationMs: number;
  action: string;
  outcome: string;
  status: number;
  message: string;
};
