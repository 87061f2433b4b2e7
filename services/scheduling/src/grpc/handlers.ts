import { unary } from '@daybook/runtime/grpc-server';
import { applyExternalChange } from '../app/apply-external-change.ts';
import { bookAppointment } from '../app/book-appointment.ts';
import { cancelAppointment } from '../app/cancel-appointment.ts';
import type { Dependencies } from '../app/dependencies.ts';
import { getAppointment } from '../app/get-appointment.ts';
import { listAppointmentTypes } from '../app/list-appointment-types.ts';
import { listAppointments } from '../app/list-appointments.ts';
import { listChangesSince } from '../app/list-changes-since.ts';
import { listProviders } from '../app/list-providers.ts';
import { recordAttendance, restoreAppointment } from '../app/record-attendance.ts';
import { rescheduleAppointment } from '../app/reschedule-appointment.ts';
import { createAppointmentType, updateAppointmentType } from '../app/save-appointment-type.ts';
import { updateAppointment } from '../app/update-appointment.ts';
import { availabilityHandlers } from './availability-handlers.ts';
import { customerHandlers } from './customer-handlers.ts';
import { readExternalChange } from './external-mapping.ts';
import { readId } from './fields.ts';
import * as map from './mapping.ts';
import { practiceHandlers } from './practice-handlers.ts';
import type { Handlers } from './rpc-handlers.ts';

/** The rpcs on appointments. */
function appointmentHandlers(deps: Dependencies) {
  const book = bookAppointment(deps);
  const get = getAppointment(deps);
  const list = listAppointments(deps);
  const update = updateAppointment(deps);
  const reschedule = rescheduleAppointment(deps);
  const cancel = cancelAppointment(deps);
  const attend = recordAttendance(deps);
  const restore = restoreAppointment(deps);
  return {
    BookAppointment: unary(async (request, call) => {
      const { appointment, replayed } = await book(call.requireUser(), map.readBooking(request));
      return { appointment: map.writeAppointment(appointment), replayed };
    }),
    GetAppointment: unary(async (request, call) => {
      const { appointment, history } = await get(call.requireUser(), readId(request.id, '/id'));
      return { appointment: map.writeAppointment(appointment), history: history.map(map.writeHistoryEntry) };
    }),
    ListAppointments: unary(async (request, call) => {
      const page = await list(call.requireUser(), map.readAppointmentFilter(request));
      return { appointments: page.appointments.map(map.writeAppointment), nextCursor: page.nextCursor };
    }),
    UpdateAppointment: unary(async (request, call) => ({
      appointment: map.writeAppointment(await update(call.requireUser(), map.readUpdate(request))),
    })),
    RescheduleAppointment: unary(async (request, call) => ({
      appointment: map.writeAppointment(await reschedule(call.requireUser(), map.readReschedule(request))),
    })),
    CancelAppointment: unary(async (request, call) => ({
      appointment: map.writeAppointment(await cancel(call.requireUser(), map.readCancellation(request))),
    })),
    RecordAttendance: unary(async (request, call) => ({
      appointment: map.writeAppointment(await attend(call.requireUser(), map.readAttendanceRecord(request))),
    })),
    RestoreAppointment: unary(async (request, call) => {
      const command = { id: readId(request.id, '/id'), expectedVersion: request.expectedVersion };
      return { appointment: map.writeAppointment(await restore(call.requireUser(), command)) };
    }),
  } satisfies Partial<Handlers>;
}

/** The rpcs on what can be booked, by whom and with whom. */
function directoryHandlers(deps: Dependencies) {
  const types = listAppointmentTypes(deps);
  const createType = createAppointmentType(deps);
  const updateType = updateAppointmentType(deps);
  const providers = listProviders(deps);
  return {
    ListAppointmentTypes: unary(async (request, call) => ({
      appointmentTypes: (await types(call.requireUser(), request.includeArchived)).map(map.writeType),
    })),
    CreateAppointmentType: unary(async (request, call) => ({
      appointmentType: map.writeType(await createType(call.requireUser(), map.readType(request.appointmentType))),
    })),
    UpdateAppointmentType: unary(async (request, call) => {
      const actor = call.requireUser();
      const input = map.readType(request.appointmentType);
      const id = readId(request.appointmentType?.id ?? '', '/id');
      return { appointmentType: map.writeType(await updateType(actor, id, input, request.expectedVersion)) };
    }),
    ListProviders: unary(async (_request, call) => ({ providers: await providers(call.requireUser()) })),
  } satisfies Partial<Handlers>;
}

/** The rpcs for other services: what changed here, and what happened outside. */
function serviceHandlers(deps: Dependencies) {
  const changes = listChangesSince(deps);
  const applyChange = applyExternalChange(deps);
  return {
    ListChangesSince: unary(async (request, call) => {
      call.requireService();
      const answer = await changes(request.afterSequence, request.limit);
      return {
        changes: answer.changes.map(({ sequence, event }) => ({ sequence, event: Buffer.from(event) })),
        safeSequence: answer.safeSequence,
      };
    }),
    ApplyExternalChange: unary(async (request, call) => {
      const { appointment, replayed } = await applyChange(call.requireService().name, readExternalChange(request));
      return { appointment: map.writeAppointment(appointment), replayed };
    }),
  } satisfies Partial<Handlers>;
}

/** Every rpc of SchedulingService: read the request, run the use case, write the answer. */
export function createHandlers(deps: Dependencies): Handlers {
  return {
    ...appointmentHandlers(deps),
    ...availabilityHandlers(deps),
    ...directoryHandlers(deps),
    ...customerHandlers(deps),
    ...practiceHandlers(deps),
    ...serviceHandlers(deps),
  };
}
