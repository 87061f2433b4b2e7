import { query, type Tx } from '@daybook/runtime/postgres';

/** Takes a customer's name and address out of every line about these appointments, for good, and out of what sweeps noted. */
export async function forgetCustomerOf(
  tx: Tx,
  organizationId: string,
  appointmentIds: readonly string[],
): Promise<void> {
  await query(tx, {
    text: `UPDATE calendar_links SET customer_erased = true
      WHERE connection_id IN (SELECT id FROM connections WHERE organization_id = $1::uuid)
        AND appointment_id = ANY ($2::uuid[])`,
    values: [organizationId, appointmentIds],
  });
  await query(tx, {
    text: `UPDATE sweep_differences SET ours_customer_name = '', theirs_customer_name = ''
      WHERE appointment_id = ANY ($2::uuid[]) AND sweep_id IN (SELECT id FROM sweeps WHERE organization_id = $1::uuid)`,
    values: [organizationId, appointmentIds],
  });
}
