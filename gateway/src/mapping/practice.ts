import type { z } from 'zod';
import type * as contract from '@daybook/http-contract/practice';
import type {
  AppointmentType,
  AppointmentType__Output,
} from '@daybook/protos/gen/daybook/scheduling/v1/AppointmentType';
import type { Block__Output } from '@daybook/protos/gen/daybook/scheduling/v1/Block';
import type { CreateBlockRequest } from '@daybook/protos/gen/daybook/scheduling/v1/CreateBlockRequest';
import type { Customer__Output } from '@daybook/protos/gen/daybook/scheduling/v1/Customer';
import type { Provider__Output } from '@daybook/protos/gen/daybook/scheduling/v1/Provider';
import { instantToJson, instantToProto, optionalText } from './instants.ts';

/** A new block as the command scheduling takes. */
export function createBlockToProto(body: z.output<typeof contract.createBlockRequest>): CreateBlockRequest {
  return {
    providerId: body.providerId ?? '',
    start: instantToProto(body.start),
    end: instantToProto(body.end),
    title: body.title ?? '',
  };
}

/** Blocked time as the public surface shows it. */
export function mapBlock(block: Block__Output): contract.Block {
  return {
    id: block.id,
    providerId: block.providerId,
    start: instantToJson(block.start),
    end: instantToJson(block.end),
    title: block.title,
  };
}

/** A type as scheduling takes it; an empty id for a new one. */
export function appointmentTypeToProto(
  id: string,
  body: z.output<typeof contract.appointmentTypeRequest>,
): AppointmentType {
  return { ...body, id, slug: body.slug ?? '' };
}

/** A type as the public surface shows it. */
export function mapAppointmentType(type: AppointmentType__Output): contract.AppointmentType {
  const { organizationId: _organization, ...shown } = type;
  return shown;
}

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

/** A provider as the public surface shows them. */
export function mapProvider(provider: Provider__Output): contract.Provider {
  return { id: provider.id, name: provider.name, color: provider.color, timeZone: provider.timeZone };
}
