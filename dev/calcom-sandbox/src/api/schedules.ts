import { DEFAULT_AVAILABILITY } from '../engine/seed.ts';
import { accountOf } from '../engine/store.ts';
import type { AvailabilityRow, OverrideRow, SandboxState, Schedule } from '../engine/types.ts';
import { nestFailure, validationFailure } from '../http/errors.ts';
import { WEEKDAYS } from '../http/languages.ts';
import { callerOf, change, numericParam, reply } from '../http/request.ts';
import type { ApiHandler, ApiRequest } from '../http/request.ts';
import { bool, findProblems, listOf, matching, objectOf, oneOf, optional, text, zoneName } from '../http/validation.ts';
import type { Rule, Shape } from '../http/validation.ts';

const clock = matching(/^([01]\d|2[0-3]):[0-5]\d$/, 'matches', 'must be in HH:MM format, 00:00 to 23:59');

const date: Rule = (value, property) => {
  const form = matching(/^\d{4}-\d{2}-\d{2}$/, 'matches', 'must be in YYYY-MM-DD format');
  const wrong = form(value, property);
  if (wrong !== undefined) return wrong;
  const valid = !Number.isNaN(Date.parse(`${String(value)}T00:00:00Z`));
  return valid ? undefined : { property, children: [], constraints: { matches: `${property} is not a date` } };
};

const COMMON: Shape = {
  availability: optional(listOf(objectOf({ days: listOf(oneOf(WEEKDAYS)), startTime: clock, endTime: clock }, false))),
  overrides: optional(listOf(objectOf({ date, startTime: clock, endTime: clock }, false))),
};
const CREATE: Shape = { name: text, timeZone: zoneName, isDefault: bool, ...COMMON };
const UPDATE: Shape = { name: optional(text), timeZone: optional(zoneName), isDefault: optional(bool), ...COMMON };

function check(body: Record<string, unknown>, shape: Shape): void {
  const problems = findProblems(body, shape, false);
  if (problems.length > 0) throw validationFailure(problems);
}

function readAvailability(value: unknown): AvailabilityRow[] {
  return (value as AvailabilityRow[]).map(({ days, startTime, endTime }) => ({ days, startTime, endTime }));
}

function readOverrides(value: unknown): OverrideRow[] {
  return (value as OverrideRow[]).map((row) => ({ date: row.date, startTime: row.startTime, endTime: row.endTime }));
}

function present(state: SandboxState, schedule: Schedule): Record<string, unknown> {
  const { id, ownerId, name, timeZone, availability, overrides } = schedule;
  const isDefault = accountOf(state, ownerId).defaultScheduleId === id;
  return structuredClone({ id, ownerId, name, timeZone, isDefault, availability, overrides });
}

function ownSchedule(request: ApiRequest, missingStatus: 400 | 404): Schedule {
  const id = numericParam(request, 'scheduleId');
  const caller = callerOf(request);
  const schedule = request.world.state.schedules.find((candidate) => candidate.id === id);
  if (schedule === undefined) throw nestFailure(missingStatus, `Schedule with ID=${id} does not exist.`);
  if (schedule.ownerId !== caller.id) {
    throw nestFailure(403, `User with ID=${caller.id} does not own schedule with ID=${id}`);
  }
  return schedule;
}

/** `POST /v2/schedules`. */
export const createSchedule: ApiHandler = (request) => {
  const { body, world } = request;
  check(body, CREATE);
  const caller = callerOf(request);
  return change(request, 201, () => {
    const schedule: Schedule = {
      id: world.state.nextId.schedule++,
      ownerId: caller.id,
      name: body['name'] as string,
      timeZone: body['timeZone'] as string,
      availability: readAvailability(body['availability'] ?? structuredClone(DEFAULT_AVAILABILITY)),
      overrides: readOverrides(body['overrides'] ?? []),
    };
    world.state.schedules.push(schedule);
    if (body['isDefault'] === true) caller.defaultScheduleId = schedule.id;
    return present(world.state, schedule);
  });
};

/** `GET /v2/schedules`: the caller's own. */
export const listSchedules: ApiHandler = (request) => {
  const { state } = request.world;
  const caller = callerOf(request);
  return reply(
    200,
    state.schedules.filter((schedule) => schedule.ownerId === caller.id).map((schedule) => present(state, schedule)),
  );
};

/** `GET /v2/schedules/default`: null when the caller has none. */
export const getDefaultSchedule: ApiHandler = (request) => {
  const { state } = request.world;
  const schedule = state.schedules.find((candidate) => candidate.id === callerOf(request).defaultScheduleId);
  return reply(200, schedule === undefined ? null : present(state, schedule));
};

/** `GET /v2/schedules/{scheduleId}`. */
export const getSchedule: ApiHandler = (request) => reply(200, present(request.world.state, ownSchedule(request, 404)));

/** `PATCH /v2/schedules/{scheduleId}`: lists are replaced as a whole, absent ones are left alone. */
export const updateSchedule: ApiHandler = (request) => {
  const { body, world } = request;
  check(body, UPDATE);
  const schedule = ownSchedule(request, 404);
  return change(request, 200, () => {
    if (typeof body['name'] === 'string') schedule.name = body['name'];
    if (typeof body['timeZone'] === 'string') schedule.timeZone = body['timeZone'];
    if (Array.isArray(body['availability'])) schedule.availability = readAvailability(body['availability']);
    if (Array.isArray(body['overrides'])) schedule.overrides = readOverrides(body['overrides']);
    if (body['isDefault'] === true) callerOf(request).defaultScheduleId = schedule.id;
    return present(world.state, schedule);
  });
};

/** `DELETE /v2/schedules/{scheduleId}`: no data; deleting the default leaves none. */
export const deleteSchedule: ApiHandler = (request) => {
  const schedule = ownSchedule(request, 400);
  const { state } = request.world;
  return change(request, 200, () => {
    state.schedules = state.schedules.filter((candidate) => candidate !== schedule);
    const caller = callerOf(request);
    if (caller.defaultScheduleId === schedule.id) caller.defaultScheduleId = null;
    for (const eventType of state.eventTypes) {
      if (eventType.scheduleId === schedule.id) eventType.scheduleId = null;
    }
    return undefined;
  });
};
