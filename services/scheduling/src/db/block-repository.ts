import { type Database, query, type Tx } from '@daybook/runtime/postgres';
import type { Block } from '../domain/block.ts';
import type { Interval } from '../domain/interval.ts';
import { epochMs, toSqlInstant } from './sql-values.ts';

const blockColumns = `r.id, r.organization_id AS "organizationId", r.provider_id AS "providerId", b.title,
  ${epochMs('lower(r.during)')} AS start, ${epochMs('upper(r.during)')} AS end`;

/** Stores blocked time; the constraint refuses what is taken. */
export async function insertBlock(tx: Tx, block: Block): Promise<void> {
  await query(tx, {
    text: `WITH claimed AS (
        INSERT INTO reservations (id, organization_id, provider_id, kind, during, occupies)
        SELECT $1::uuid, $2::uuid, $3::uuid, 'block', span, span
        FROM (SELECT tstzrange($4::timestamptz, $5::timestamptz, '[)')) AS s (span) RETURNING id)
      INSERT INTO blocks (reservation_id, organization_id, title) SELECT id, $2::uuid, $6 FROM claimed`,
    values: [
      block.id,
      block.organizationId,
      block.providerId,
      toSqlInstant(block.start),
      toSqlInstant(block.end),
      block.title,
    ],
  });
}

/**
 * Blocks that overlap a span, by start.
 * @param providerId empty for all
 */
export async function listBlocks(
  on: Database | Tx,
  organizationId: string,
  providerId: string,
  span: Interval,
): Promise<Block[]> {
  return query<Block>(on, {
    name: 'list_blocks',
    text: `SELECT ${blockColumns} FROM reservations r JOIN blocks b ON b.reservation_id = r.id
      WHERE r.organization_id = $1::uuid AND r.kind = 'block' AND ($2 = '' OR r.provider_id::text = $2)
        AND lower(r.during) < $4::timestamptz AND upper(r.during) > $3::timestamptz
      ORDER BY lower(r.during), r.id`,
    values: [organizationId, providerId, toSqlInstant(span.start), toSqlInstant(span.end)],
  });
}

/** One block of the organisation, with its version. */
export async function findBlock(
  on: Database | Tx,
  organizationId: string,
  id: string,
): Promise<(Block & { version: number }) | undefined> {
  const rows = await query<Block & { version: number }>(on, {
    text: `SELECT ${blockColumns}, b.version FROM reservations r JOIN blocks b ON b.reservation_id = r.id
      WHERE r.organization_id = $1::uuid AND r.id = $2::uuid AND r.kind = 'block'`,
    values: [organizationId, id],
  });
  return rows[0];
}

/** Stores a changed block as its next version; the caller holds the lock. @throws the exclusion violation when taken */
export async function updateBlock(tx: Tx, block: Block, version: number): Promise<void> {
  await query(tx, {
    text: `WITH claimed AS (
        UPDATE reservations r SET during = span, occupies = span
        FROM (SELECT tstzrange($3::timestamptz, $4::timestamptz, '[)')) AS s (span)
        WHERE r.organization_id = $1::uuid AND r.id = $2::uuid AND r.kind = 'block' RETURNING r.id)
      UPDATE blocks b SET title = $5, version = $6 FROM claimed WHERE b.reservation_id = claimed.id`,
    values: [block.organizationId, block.id, toSqlInstant(block.start), toSqlInstant(block.end), block.title, version],
  });
}

/** Frees blocked time; false when it was gone already. */
export async function deleteBlock(tx: Tx, organizationId: string, id: string): Promise<boolean> {
  const rows = await query(tx, {
    text: `DELETE FROM reservations WHERE organization_id = $1::uuid AND id = $2::uuid AND kind = 'block' RETURNING id`,
    values: [organizationId, id],
  });
  return rows.length > 0;
}
