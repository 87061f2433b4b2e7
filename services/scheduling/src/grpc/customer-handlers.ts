import type { Customer as ProtoCustomer } from '@daybook/protos/gen/daybook/scheduling/v1/Customer';
import type { CustomerInput__Output } from '@daybook/protos/gen/daybook/scheduling/v1/CustomerInput';
import type { CustomerSummary as ProtoSummary } from '@daybook/protos/gen/daybook/scheduling/v1/CustomerSummary';
import { ValidationError } from '@daybook/runtime/errors';
import { unary } from '@daybook/runtime/grpc-server';
import { createCustomer, type CustomerParticulars, getCustomer, updateCustomer } from '../app/customers.ts';
import type { Dependencies } from '../app/dependencies.ts';
import { eraseCustomer } from '../app/erase-customer.ts';
import { exportCustomer } from '../app/export-customer.ts';
import { listCustomers } from '../app/list-customers.ts';
import { mergeCustomers } from '../app/merge-customers.ts';
import type { Customer, CustomerSummary } from '../domain/customer.ts';
import { readId, writeOptionalInstant } from './fields.ts';
import { readCustomer, writeAppointment, writeHistoryEntry } from './mapping.ts';
import type { Handlers } from './rpc-handlers.ts';

function readParticulars(customer: CustomerInput__Output | null, notes: string): CustomerParticulars {
  const details = readCustomer(customer);
  if (!details) throw new ValidationError([{ pointer: '/name', message: 'Say who it is.' }]);
  return { ...details, notes };
}

function writeSummary(summary: CustomerSummary): ProtoSummary {
  const { nextStart, lastStart, ...rest } = summary;
  return { ...rest, nextStart: writeOptionalInstant(nextStart), lastStart: writeOptionalInstant(lastStart) };
}

function writeCustomers(customers: readonly Customer[]): ProtoCustomer[] {
  return customers.map((customer) => ({ ...customer }));
}

/** The rpcs on customers. */
export function customerHandlers(deps: Dependencies) {
  const list = listCustomers(deps);
  const get = getCustomer(deps);
  const create = createCustomer(deps);
  const update = updateCustomer(deps);
  const merge = mergeCustomers(deps);
  const exportAll = exportCustomer(deps);
  const erase = eraseCustomer(deps);
  return {
    ListCustomers: unary(async (request, call) => {
      const { query: words, limit, cursor } = request;
      const page = await list(call.requireUser(), { words, limit, cursor });
      return {
        customers: writeCustomers(page.customers),
        summaries: page.summaries.map(writeSummary),
        nextCursor: page.nextCursor,
      };
    }),
    GetCustomer: unary(async (request, call) => {
      const facts = await get(call.requireUser(), readId(request.id, '/id'));
      return {
        customer: facts.customer,
        summary: writeSummary(facts.summary),
        possibleDuplicates: writeCustomers(facts.possibleDuplicates),
      };
    }),
    CreateCustomer: unary(async (request, call) => ({
      customer: await create(call.requireUser(), readParticulars(request.customer, request.notes)),
    })),
    UpdateCustomer: unary(async (request, call) => {
      const particulars = readParticulars(request.customer, request.notes);
      const id = readId(request.id, '/id');
      return { customer: await update(call.requireUser(), id, particulars, request.expectedVersion) };
    }),
    MergeCustomers: unary(async (request, call) =>
      merge(call.requireUser(), readId(request.keepId, '/id'), readId(request.mergeId, '/mergeId')),
    ),
    ExportCustomer: unary(async (request, call) => {
      const { customer, appointments } = await exportAll(call.requireUser(), readId(request.id, '/id'));
      return {
        customer,
        appointments: appointments.map(({ appointment, history }) => ({
          appointment: writeAppointment(appointment),
          history: history.map(writeHistoryEntry),
        })),
      };
    }),
    EraseCustomer: unary(async (request, call) => ({
      erasedAppointments: await erase(call.requireUser(), readId(request.id, '/id')),
    })),
  } satisfies Partial<Handlers>;
}
