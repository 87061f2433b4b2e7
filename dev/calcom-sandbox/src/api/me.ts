import type { Account } from '../engine/types.ts';
import { databaseFailure, nestFailure, validationFailure } from '../http/errors.ts';
import { LANGUAGES, WEEKDAYS } from '../http/languages.ts';
import { callerOf, change, reply } from '../http/request.ts';
import type { ApiHandler } from '../http/request.ts';
import { anyObject, email, findProblems, integer, oneOf, optional, text, zoneName } from '../http/validation.ts';
import type { Rule, Shape } from '../http/validation.ts';

const timeFormat: Rule = (value, property) =>
  value === 12 || value === 24
    ? undefined
    : {
        property,
        children: [],
        constraints: { isEnum: `${property} must be one of the following values: 12, 24` },
      };

const UPDATE: Shape = {
  email: optional(email),
  name: optional(text),
  timeFormat: optional(timeFormat),
  defaultScheduleId: optional(integer(1)),
  weekStart: optional(oneOf(WEEKDAYS)),
  timeZone: optional(zoneName),
  locale: optional(oneOf(LANGUAGES)),
  avatarUrl: optional(text),
  bio: optional(text),
  metadata: optional(anyObject),
};

function present(account: Account): Record<string, unknown> {
  return {
    id: account.id,
    username: account.username,
    email: account.email,
    name: account.name,
    avatarUrl: account.avatarUrl,
    bio: account.bio,
    timeFormat: account.timeFormat,
    defaultScheduleId: account.defaultScheduleId,
    weekStart: account.weekStart,
    timeZone: account.timeZone,
    organizationId: null,
  };
}

/** `GET /v2/me`. */
export const getMe: ApiHandler = (request) => reply(200, present(callerOf(request)));

/** `PATCH /v2/me`; a new time zone also moves the default schedule's. */
export const updateMe: ApiHandler = (request) => {
  const problems = findProblems(request.body, UPDATE, false);
  if (problems.length > 0) throw validationFailure(problems);
  const account = callerOf(request);
  const { state } = request.world;
  const changes = Object.fromEntries(
    Object.keys(UPDATE).flatMap((key) => (request.body[key] === undefined ? [] : [[key, request.body[key]]])),
  );
  if (state.users.some((user) => user.id !== account.id && user.email === changes['email'])) {
    throw databaseFailure(409, 'A record with this email already exists.');
  }
  const scheduleId = changes['defaultScheduleId'];
  if (typeof scheduleId === 'number') {
    const owned = state.schedules.some((schedule) => schedule.id === scheduleId && schedule.ownerId === account.id);
    if (!owned) throw nestFailure(404, `Schedule with ID=${scheduleId} does not exist.`);
  }
  return change(request, 200, () => {
    Object.assign(account, changes);
    const schedule = state.schedules.find((candidate) => candidate.id === account.defaultScheduleId);
    if (schedule !== undefined && changes['timeZone'] !== undefined) schedule.timeZone = account.timeZone;
    return present(account);
  });
};
