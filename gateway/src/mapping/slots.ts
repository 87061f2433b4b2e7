import type { z } from 'zod';
import type * as contract from '@daybook/http-contract/appointments';
import type { ClosedRule__Output } from '@daybook/protos/gen/daybook/scheduling/v1/ClosedRule';
import type { ClosedTime__Output } from '@daybook/protos/gen/daybook/scheduling/v1/ClosedTime';
import type { ListClosedTimesRequest } from '@daybook/protos/gen/daybook/scheduling/v1/ListClosedTimesRequest';
import type { ListSlotsRequest } from '@daybook/protos/gen/daybook/scheduling/v1/ListSlotsRequest';
import type { ListSlotsResponse__Output } from '@daybook/protos/gen/daybook/scheduling/v1/ListSlotsResponse';
import { fromTimestamp } from '@daybook/protos/instant';
import { createInstantWriter, instantToJson, instantToProto, optionalText } from './instants.ts';

/** The question for bookable starts. */
export function listSlotsToProto(query: z.output<typeof contract.listSlotsQuery>): ListSlotsRequest {
  return {
    providerId: query.providerId ?? '',
    appointmentTypeId: query.appointmentTypeId ?? '',
    durationMinutes: query.durationMinutes ?? 0,
    from: instantToProto(query.from),
    to: instantToProto(query.to),
    rescheduleAppointmentId: query.rescheduleAppointmentId ?? '',
  };
}

/** Bookable starts with their ends. */
export function mapSlots(answer: ListSlotsResponse__Output): contract.SlotList {
  const length = answer.durationMinutes * 60_000;
  const write = createInstantWriter();
  return {
    slots: answer.starts.map((timestamp) => {
      const start = fromTimestamp(timestamp).getTime();
      return { start: write(start), end: write(start + length) };
    }),
    durationMinutes: answer.durationMinutes,
    timeZone: answer.timeZone,
  };
}

/** The question for closed times. */
export function listClosedTimesToProto(query: z.output<typeof contract.listClosedTimesQuery>): ListClosedTimesRequest {
  return {
    providerId: query.providerId ?? '',
    appointmentTypeId: query.appointmentTypeId ?? '',
    durationMinutes: query.durationMinutes ?? 0,
    from: instantToProto(query.from),
    to: instantToProto(query.to),
  };
}

const ruleJson = {
  CLOSED_RULE_PAST: 'past',
  CLOSED_RULE_HOURS: 'hours',
  CLOSED_RULE_OVERRIDE: 'override',
  CLOSED_RULE_APPOINTMENT: 'appointment',
  CLOSED_RULE_BLOCK: 'block',
  CLOSED_RULE_HOLD: 'hold',
  CLOSED_RULE_BUFFER: 'buffer',
  CLOSED_RULE_TOO_SHORT: 'too_short',
  CLOSED_RULE_NOTICE: 'notice',
  CLOSED_RULE_HORIZON: 'horizon',
} as const satisfies Partial<Record<ClosedRule__Output, contract.ClosedTime['rule']>>;

/** A stretch in which nothing can start, and why. */
export function mapClosedTime(closed: ClosedTime__Output): contract.ClosedTime {
  if (closed.rule === 'CLOSED_RULE_UNSPECIFIED') throw new Error('a closed time without a rule');
  return {
    start: instantToJson(closed.start),
    end: instantToJson(closed.end),
    rule: ruleJson[closed.rule],
    ...optionalText('sourceId', closed.sourceId),
    ...optionalText('sourceLabel', closed.sourceLabel),
    ...(closed.amount === 0 ? {} : { amount: closed.amount }),
    overridable: closed.overridable,
  };
}
