import type { z } from 'zod';
import type * as contract from '@daybook/http-contract/practice';
import type { Customer__Output } from '@daybook/protos/gen/daybook/scheduling/v1/Customer';
import type { CustomerSummary__Output } from '@daybook/protos/gen/daybook/scheduling/v1/CustomerSummary';
import type { CreateCustomerRequest } from '@daybook/protos/gen/daybook/scheduling/v1/CreateCustomerRequest';
import { customerToProto } from './appointments.ts';
import { optionalInstant, optionalText } from './instants.ts';

/** A customer as the public surface shows them. */
export function mapCustomer(customer: Customer__Output): contract.Customer {
  return {
    id: customer.id,
    name: customer.name,
    ...optionalText('email', customer.email),
    ...optionalText('phone', customer.phone),
    ...optionalText('timeZone', customer.timeZone),
    notes: customer.notes,
    version: customer.version,
  };
}

/** What the appointments say about a customer. */
export function mapCustomerSummary(summary: CustomerSummary__Output): contract.CustomerSummary {
  return {
    appointmentCount: summary.appointmentCount,
    noShowCount: summary.noShowCount,
    cancelledCount: summary.cancelledCount,
    ...optionalInstant('nextStart', summary.nextStart),
    ...optionalInstant('lastStart', summary.lastStart),
    ...optionalText('lastAppointmentTypeId', summary.lastAppointmentTypeId),
  };
}

/** All particulars of a customer, as scheduling takes them. */
export function customerRequestToProto(
  body: z.output<typeof contract.customerRequest>,
): Required<Pick<CreateCustomerRequest, 'customer' | 'notes'>> {
  return { customer: customerToProto(body), notes: body.notes };
}
