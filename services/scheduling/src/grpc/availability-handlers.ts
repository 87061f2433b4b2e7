import type { ClosedTime as ProtoClosedTime } from '@daybook/protos/gen/daybook/scheduling/v1/ClosedTime';
import { unary } from '@daybook/runtime/grpc-server';
import { createBlock } from '../app/create-block.ts';
import { deleteBlock } from '../app/delete-block.ts';
import type { Dependencies } from '../app/dependencies.ts';
import { getAvailability } from '../app/get-availability.ts';
import { listBlocks } from '../app/list-blocks.ts';
import { listClosedTimes } from '../app/list-closed-times.ts';
import { listSlots } from '../app/list-slots.ts';
import { previewAvailability } from '../app/preview-availability.ts';
import { replaceAvailability } from '../app/replace-availability.ts';
import { updateBlock } from '../app/update-block.ts';
import type { ClosedRule, ClosedTime } from '../domain/closed-times.ts';
import { readId, readInstant, readOptionalId, writeInstant } from './fields.ts';
import * as map from './mapping.ts';
import type { Handlers } from './rpc-handlers.ts';

const ruleNames = {
  past: 'CLOSED_RULE_PAST',
  hours: 'CLOSED_RULE_HOURS',
  override: 'CLOSED_RULE_OVERRIDE',
  appointment: 'CLOSED_RULE_APPOINTMENT',
  block: 'CLOSED_RULE_BLOCK',
  hold: 'CLOSED_RULE_HOLD',
  buffer: 'CLOSED_RULE_BUFFER',
  too_short: 'CLOSED_RULE_TOO_SHORT',
  notice: 'CLOSED_RULE_NOTICE',
  horizon: 'CLOSED_RULE_HORIZON',
} as const satisfies Record<ClosedRule, string>;

function writeClosedTime(closed: ClosedTime): ProtoClosedTime {
  const { start, end, rule, ...rest } = closed;
  return { ...rest, start: writeInstant(start), end: writeInstant(end), rule: ruleNames[rule] };
}

/** The rpcs on starts, hours and free time. */
function hoursHandlers(deps: Dependencies) {
  const slots = listSlots(deps);
  const closedTimes = listClosedTimes(deps);
  const read = getAvailability(deps);
  const replace = replaceAvailability(deps);
  const preview = previewAvailability(deps);
  return {
    ListSlots: unary(async (request, call) => {
      const answer = await slots(call.requireUser(), map.readSlotQuestion(request));
      return { ...answer, starts: answer.starts.map(writeInstant) };
    }),
    ListClosedTimes: unary(async (request, call) => {
      const { closed, timeZone } = await closedTimes(call.requireUser(), map.readClosedQuestion(request));
      return { closed: closed.map(writeClosedTime), timeZone };
    }),
    GetAvailability: unary(async (request, call) => {
      const answer = await read(call.requireUser(), {
        providerId: readOptionalId(request.providerId, '/providerId'),
        from: readInstant(request.from, '/from'),
        to: readInstant(request.to, '/to'),
      });
      return {
        availability: map.writeAvailability(answer),
        free: answer.free.map(map.writeInterval),
        open: answer.open.map(map.writeInterval),
      };
    }),
    ReplaceAvailability: unary(async (request, call) => {
      const answer = await replace(call.requireUser(), map.readAvailability(request));
      return {
        availability: map.writeAvailability(answer),
        outsideNewHours: answer.outsideNewHours.map(map.writeAppointment),
      };
    }),
    PreviewAvailability: unary(async (request, call) => {
      const answer = await preview(call.requireUser(), {
        providerId: readOptionalId(request.providerId, '/providerId'),
        rules: map.readRules(request),
        from: readInstant(request.from, '/from'),
        to: readInstant(request.to, '/to'),
      });
      return {
        opens: answer.opens.map(map.writeInterval),
        closes: answer.closes.map(map.writeInterval),
        outsideNewHours: answer.outsideNewHours.map(map.writeAppointment),
      };
    }),
  } satisfies Partial<Handlers>;
}

/** The rpcs on blocked time. */
function blockHandlers(deps: Dependencies) {
  const block = createBlock(deps);
  const blocks = listBlocks(deps);
  const changeBlock = updateBlock(deps);
  const unblock = deleteBlock(deps);
  return {
    CreateBlock: unary(async (request, call) => ({
      block: map.writeBlock(await block(call.requireUser(), map.readBlock(request))),
    })),
    ListBlocks: unary(async (request, call) => {
      const found = await blocks(call.requireUser(), {
        providerId: readOptionalId(request.providerId, '/providerId'),
        from: readInstant(request.from, '/from'),
        to: readInstant(request.to, '/to'),
      });
      return { blocks: found.map(map.writeBlock) };
    }),
    UpdateBlock: unary(async (request, call) => {
      const id = readId(request.id, '/id');
      const start = readInstant(request.start, '/start');
      const end = readInstant(request.end, '/end');
      const command = { id, start, end, title: request.title };
      return { block: map.writeBlock(await changeBlock(call.requireUser(), command)) };
    }),
    DeleteBlock: unary(async (request, call) => {
      await unblock(call.requireUser(), readId(request.id, '/id'));
      return {};
    }),
  } satisfies Partial<Handlers>;
}

/** The rpcs on starts, hours, free time and blocked time. */
export function availabilityHandlers(deps: Dependencies) {
  return { ...hoursHandlers(deps), ...blockHandlers(deps) } satisfies Partial<Handlers>;
}
