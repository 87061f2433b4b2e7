import type { OpenedCalcom } from '../targets/calcom/open-target.ts';

/** A worker of this process, and what it was made for. */
export type RunningWorker = {
  owner: string;
  settingsVersion: number;
  opened: () => OpenedCalcom | undefined;
  ending: boolean;
  worker: { start(): void; wake(): void; stop(): Promise<void> };
};
