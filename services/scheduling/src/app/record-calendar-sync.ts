import type { Tx } from '@daybook/runtime/postgres';
import { recordConnection } from '../db/organization-repository.ts';
import { recordSync, type SyncReport } from '../db/sync-repository.ts';

/** What calendar sync tells scheduling. */
export type CalendarSyncNews =
  | ({ readonly kind: 'appointment' } & SyncReport)
  | {
      readonly kind: 'connection';
      readonly organizationId: string;
      readonly state: 'on' | 'off';
      readonly eventVersion: number;
    };

/** Keeps the newest news of each appointment and connection, inside the consumer's transaction. */
export async function recordCalendarSync(tx: Tx, news: CalendarSyncNews): Promise<void> {
  if (news.kind === 'appointment') await recordSync(tx, news);
  else await recordConnection(tx, news.organizationId, news.state, news.eventVersion);
}
