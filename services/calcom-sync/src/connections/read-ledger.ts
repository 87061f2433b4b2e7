import { DomainError, ValidationError } from '@daybook/runtime/errors';
import type { Database } from '@daybook/runtime/postgres';
import { z } from 'zod';
import { countStates, findLine, listAttempts, listPart, type LedgerPosition } from '../db/ledger-repository.ts';
import type { LinkState } from '../domain/connection.ts';
import type { LedgerAttempt, LedgerLine } from '../domain/ledger-line.ts';

/** A page of the ledger with how many lines there are of each state. */
export type LedgerPage = { lines: LedgerLine[]; nextCursor: string; counts: Record<string, number> };

/** As many tries as a person looks through; no more are kept. */
const SHOWN_ATTEMPTS = 50;
const parts = ['attention', 'rest'] as const;

const positionSchema = z.tuple([
  z.enum(parts),
  z.string().regex(/^\d{4}-\d{2}-\d{2} \d{2}:\d{2}:\d{2}(\.\d{1,6})?[+-]\d{2}(:\d{2})?$/),
  z.uuid(),
]);

/**
 * A page of every appointment's standing: those that need a person first, then by what changed last.
 * @param question `states` empty: all; `cursor` empty: from the beginning
 * @throws ValidationError when the cursor is not one of ours
 */
export async function readLedger(
  database: Database,
  question: { organizationId: string; states: readonly LinkState[]; limit: number; cursor: string },
): Promise<LedgerPage> {
  const { organizationId, states, limit, cursor } = question;
  const after = cursor === '' ? undefined : readCursor(cursor);
  const found: { line: LedgerLine; position: LedgerPosition }[] = [];
  for (const part of parts.slice(after ? parts.indexOf(after.part) : 0)) {
    const missing = limit + 1 - found.length;
    if (missing <= 0) break;
    const from = after?.part === part ? after : undefined;
    found.push(...(await listPart(database, { organizationId, part, states, after: from, limit: missing })));
  }
  const page = found.slice(0, limit);
  const last = page.at(-1);
  return {
    lines: page.map(({ line }) => line),
    nextCursor: found.length > limit && last ? writeCursor(last.position) : '',
    counts: await countStates(database, organizationId),
  };
}

/** One line; undefined when there is none. */
export function readLedgerLine(
  database: Database,
  organizationId: string,
  appointmentId: string,
): Promise<LedgerLine | undefined> {
  return findLine(database, organizationId, appointmentId);
}

/** One line with its last tries, newest first. @throws DomainError APPOINTMENT_NOT_FOUND */
export async function readLedgerEntry(
  database: Database,
  organizationId: string,
  appointmentId: string,
): Promise<{ line: LedgerLine; attempts: LedgerAttempt[] }> {
  const line = await findLine(database, organizationId, appointmentId);
  if (!line) throw new DomainError('absent', 'APPOINTMENT_NOT_FOUND', 'There is no such appointment.');
  return { line, attempts: await listAttempts(database, organizationId, appointmentId, SHOWN_ATTEMPTS) };
}

function writeCursor({ part, updatedAt, appointmentId }: LedgerPosition): string {
  return Buffer.from(JSON.stringify([part, updatedAt, appointmentId])).toString('base64url');
}

function readCursor(cursor: string): LedgerPosition {
  const parsed = positionSchema.safeParse(parse(Buffer.from(cursor, 'base64url').toString('utf8')));
  if (!parsed.success)
    throw new ValidationError([{ pointer: '/cursor', message: 'must be one from a previous answer' }]);
  const [part, updatedAt, appointmentId] = parsed.data;
  return { part, updatedAt, appointmentId };
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
