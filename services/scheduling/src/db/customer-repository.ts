import { type Database, query, type Tx } from '@daybook/runtime/postgres';
import type { Customer, CustomerDetails } from '../domain/customer.ts';
import { decodeCursor, encodeCursor, foldText, prefixRange, searchPatterns, searchWords } from './sql-values.ts';

/** Columns of a customer as one JSON value, for queries that join it under the alias `c`. */
export const customerJson = `json_build_object('id', c.id, 'organizationId', c.organization_id, 'name', c.name,
  'email', c.email, 'phone', c.phone, 'timeZone', c.time_zone, 'notes', c.notes, 'version', c.version)`;

/**
 * SQL that yields the known customers sharing an e-mail or phone, oldest first, as a JSON list.
 * Both sides of the OR have an index of their own.
 */
export function candidatesSql(organization: string, email: string, phone: string): string {
  return `(SELECT json_agg(${customerJson} ORDER BY c.created_at, c.id) FROM customers c
    WHERE c.organization_id = ${organization} AND ((c.email = ${email} AND c.email <> '')
      OR (c.phone = ${phone} AND c.phone <> '')))`;
}

/** Known customers that share e-mail or phone, oldest first. */
export async function findCandidates(
  on: Database | Tx,
  organizationId: string,
  details: Pick<CustomerDetails, 'email' | 'phone'>,
): Promise<Customer[]> {
  if (details.email === '' && details.phone === '') return [];
  const rows = await query<{ candidates: Customer[] | null }>(on, {
    name: 'find_customer_candidates',
    text: `SELECT ${candidatesSql('$1::uuid', '$2::text', '$3::text')} AS candidates`,
    values: [organizationId, details.email, details.phone],
  });
  return rows[0]?.candidates ?? [];
}

/** The folded text a search for customers looks into. */
export function customerSearchText(customer: CustomerDetails): string {
  return foldText(`${customer.name} ${customer.email} ${customer.phone}`);
}

/** Stores a new customer. */
export async function insertCustomer(tx: Tx, customer: Customer): Promise<void> {
  await query(tx, {
    text: `INSERT INTO customers (id, organization_id, name, email, phone, time_zone, search_text, notes)
      VALUES ($1::uuid, $2::uuid, $3, $4, $5, $6, $7, $8)`,
    values: [
      customer.id,
      customer.organizationId,
      customer.name,
      customer.email,
      customer.phone,
      customer.timeZone,
      customerSearchText(customer),
      customer.notes,
    ],
  });
}

/** Stores new details of a known customer; false when somebody else was faster. */
export async function updateCustomer(tx: Tx, customer: Customer): Promise<boolean> {
  const rows = await query(tx, {
    text: `UPDATE customers SET name = $3, email = $4, phone = $5, time_zone = $6, search_text = $7, version = $8,
        notes = $9 WHERE organization_id = $1::uuid AND id = $2::uuid AND version = $8 - 1 RETURNING id`,
    values: [
      customer.organizationId,
      customer.id,
      customer.name,
      customer.email,
      customer.phone,
      customer.timeZone,
      customerSearchText(customer),
      customer.version,
      customer.notes,
    ],
  });
  return rows.length > 0;
}

/** Makes the customer's appointments findable by the new details. */
export async function refreshAppointmentSearch(tx: Tx, customer: Customer): Promise<void> {
  await query(tx, {
    text: `UPDATE appointments SET search_text = $2 || substr(search_text, strpos(search_text, E'\\n'))
      WHERE customer_id = $1::uuid`,
    values: [customer.id, customerSearchText(customer)],
  });
}

/** What a list of customers asks for. */
export type CustomerFilter = { organizationId: string; words: string; limit: number; cursor: string };

/** The order of a list: an index has it, so a page costs the same among a hundred customers and a million. */
const byName = 'c.search_text COLLATE "C", c.id';

type Found = { customer: Customer; text: string };
/** Where a page begins: behind this customer. */
type Position = { text: string; id: string };

/** The customers of one rank: those whose text begins with the words, or all others that hold them. */
async function listRank(on: Database | Tx, filter: CustomerFilter, rank: number, after?: Position): Promise<Found[]> {
  const values: unknown[] = [filter.organizationId];
  const conditions = ['c.organization_id = $1::uuid', 'c.erased_at IS NULL'];
  const [low, high] = prefixRange(foldText(filter.words)).map((bound) => values.push(bound));
  const begins = `c.search_text COLLATE "C" >= $${low} AND c.search_text COLLATE "C" < $${high}`;
  if (rank === 0) {
    conditions.push(begins);
    // Not by LIKE: PostgreSQL would fetch all who hold a common word from the index of words, and the range is the shorter way.
    for (const word of searchWords(filter.words)) conditions.push(`strpos(c.search_text, $${values.push(word)}) > 0`);
  } else {
    conditions.push(`NOT (${begins})`);
    for (const pattern of searchPatterns(filter.words)) conditions.push(`c.search_text LIKE $${values.push(pattern)}`);
  }
  if (after) conditions.push(`(${byName}) > ($${values.push(after.text)}::text, $${values.push(after.id)}::uuid)`);
  return query<Found>(on, {
    text: `SELECT ${customerJson} AS customer, c.search_text AS text FROM customers c
      WHERE ${conditions.join(' AND ')} ORDER BY ${byName} LIMIT $${values.push(filter.limit + 1)}`,
    values,
  });
}

/**
 * Customers whose name, e-mail or phone holds every word, names that begin with the words first. The two ranks are asked
 * one after the other: most pages are full with the first, and asked together neither could be read in the index's order.
 */
export async function listCustomers(
  on: Database | Tx,
  filter: CustomerFilter,
): Promise<{ customers: Customer[]; nextCursor: string } | 'bad-cursor'> {
  const position = filter.cursor === '' ? [0] : decodeCursor(filter.cursor, ['rank', 'text', 'id']);
  if (!position) return 'bad-cursor';
  const [firstRank, text, id] = position as [number, string?, string?];
  const found: (Found & { rank: number })[] = [];
  for (const rank of [0, 1]) {
    if (rank < firstRank || found.length > filter.limit) continue;
    const after = rank === firstRank && text !== undefined && id !== undefined ? { text, id } : undefined;
    const rows = await listRank(on, filter, rank, after);
    found.push(...rows.map((row) => ({ ...row, rank })));
  }
  const page = found.slice(0, filter.limit);
  const last = page.at(-1);
  const more = found.length > filter.limit && last;
  return {
    customers: page.map((row) => row.customer),
    nextCursor: more ? encodeCursor([last.rank, last.text, last.customer.id]) : '',
  };
}
