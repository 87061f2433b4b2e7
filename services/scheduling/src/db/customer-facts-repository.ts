import { type Database, query, type Tx } from '@daybook/runtime/postgres';
import type { Customer, CustomerSummary } from '../domain/customer.ts';
import { customerJson } from './customer-repository.ts';
import { epochMs, foldText, prefixRange, toSqlInstant } from './sql-values.ts';

type SummaryRow = {
  customerId: string;
  appointmentCount: number;
  noShowCount: number;
  cancelledCount: number;
  nextStart: number | null;
  lastStart: number | null;
  lastAppointmentTypeId: string | null;
};

const nothingYet: CustomerSummary = {
  appointmentCount: 0,
  noShowCount: 0,
  cancelledCount: 0,
  nextStart: undefined,
  lastStart: undefined,
  lastAppointmentTypeId: '',
};

/**
 * What the appointments say about each of some customers, in the same order, by one question.
 * @param now epoch milliseconds that part what is past from what is to come
 */
export async function summarizeCustomers(
  on: Database | Tx,
  organizationId: string,
  customerIds: readonly string[],
  now: number,
): Promise<CustomerSummary[]> {
  if (customerIds.length === 0) return [];
  const rows = await query<SummaryRow>(on, {
    name: 'summarize_customers',
    text: `SELECT a.customer_id AS "customerId", count(*) FILTER (WHERE a.status <> 'cancelled')::int AS "appointmentCount",
        count(*) FILTER (WHERE a.status = 'no_show')::int AS "noShowCount",
        count(*) FILTER (WHERE a.status = 'cancelled')::int AS "cancelledCount",
        ${epochMs(`min(lower(a.during)) FILTER (WHERE a.status = 'scheduled' AND lower(a.during) > $3::timestamptz)`)}
          AS "nextStart",
        ${epochMs(`max(lower(a.during)) FILTER (WHERE a.status = 'completed'
          OR a.status = 'scheduled' AND lower(a.during) <= $3::timestamptz)`)} AS "lastStart",
        (array_agg(a.appointment_type_id ORDER BY a.created_at DESC, a.id) FILTER (WHERE a.status <> 'cancelled'))[1]
          AS "lastAppointmentTypeId"
      FROM appointments a WHERE a.organization_id = $1::uuid AND a.customer_id = ANY ($2::uuid[]) GROUP BY a.customer_id`,
    values: [organizationId, customerIds, toSqlInstant(now)],
  });
  const known = new Map(rows.map((row) => [row.customerId, toSummary(row)]));
  return customerIds.map((id) => known.get(id) ?? nothingYet);
}

function toSummary({ customerId: _customerId, ...row }: SummaryRow): CustomerSummary {
  return {
    ...row,
    nextStart: row.nextStart ?? undefined,
    lastStart: row.lastStart ?? undefined,
    lastAppointmentTypeId: row.lastAppointmentTypeId ?? '',
  };
}

const mostDuplicates = 10;

/** Others with the same name or phone number, at most ten, by name; an e-mail address has one customer only. */
export async function findPossibleDuplicates(on: Database | Tx, customer: Customer): Promise<Customer[]> {
  const rows = await query<{ customer: Customer }>(on, {
    name: 'find_possible_duplicates',
    text: `SELECT ${customerJson} AS customer FROM customers c WHERE c.organization_id = $1::uuid AND c.id <> $2::uuid AND c.erased_at IS NULL
        AND ((c.search_text COLLATE "C" >= $5::text AND c.search_text COLLATE "C" < $6::text AND lower(c.name) = lower($3::text))
          OR (c.phone = $4::text AND c.phone <> ''))
      ORDER BY lower(c.name), c.id LIMIT ${mostDuplicates}`,
    values: [
      customer.organizationId,
      customer.id,
      customer.name,
      customer.phone,
      ...prefixRange(foldText(customer.name)),
    ],
  });
  return rows.map((row) => row.customer);
}

/** One customer of the organisation. */
export async function findCustomer(
  on: Database | Tx,
  organizationId: string,
  id: string,
): Promise<Customer | undefined> {
  const rows = await query<{ customer: Customer }>(on, {
    name: 'find_customer',
    text: `SELECT ${customerJson} AS customer FROM customers c
      WHERE c.organization_id = $1::uuid AND c.id = $2::uuid AND c.erased_at IS NULL`,
    values: [organizationId, id],
  });
  return rows[0]?.customer;
}

/** Several customers of the organisation, locked in the order of their ids until the transaction ends. */
export async function lockCustomers(tx: Tx, organizationId: string, ids: readonly string[]): Promise<Customer[]> {
  const rows = await query<{ customer: Customer }>(tx, {
    text: `SELECT ${customerJson} AS customer FROM customers c
      WHERE c.organization_id = $1::uuid AND c.id = ANY ($2::uuid[]) AND c.erased_at IS NULL ORDER BY c.id FOR UPDATE`,
    values: [organizationId, ids],
  });
  return rows.map((row) => row.customer);
}

/** Providers that a customer has appointments with. */
export async function listProvidersOfCustomer(on: Database | Tx, customerId: string): Promise<string[]> {
  const rows = await query<{ id: string }>(on, {
    text: 'SELECT DISTINCT provider_id AS id FROM appointments WHERE customer_id = $1::uuid',
    values: [customerId],
  });
  return rows.map((row) => row.id);
}

/** Ids of a customer's scheduled appointments that end after an instant, by start. */
export async function listUpcomingOfCustomer(tx: Tx, customerId: string, after: number): Promise<string[]> {
  const rows = await query<{ id: string }>(tx, {
    text: `SELECT id FROM appointments WHERE customer_id = $1::uuid AND status = 'scheduled'
      AND upper(during) > $2::timestamptz ORDER BY lower(during), id`,
    values: [customerId, toSqlInstant(after)],
  });
  return rows.map((row) => row.id);
}

/** Gives the appointments of one customer to another; the search text follows by itself. Answers how many. */
export async function reassignAppointments(tx: Tx, from: Customer, to: Customer): Promise<number> {
  const rows = await query(tx, {
    text: `UPDATE appointments SET customer_id = $3::uuid WHERE organization_id = $1::uuid AND customer_id = $2::uuid
      RETURNING id`,
    values: [from.organizationId, from.id, to.id],
  });
  return rows.length;
}

/** Removes a customer without appointments. */
export async function removeCustomer(tx: Tx, customer: Customer): Promise<void> {
  await query(tx, {
    text: 'DELETE FROM customers WHERE organization_id = $1::uuid AND id = $2::uuid',
    values: [customer.organizationId, customer.id],
  });
}
