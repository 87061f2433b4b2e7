import type { Practice as ProtoPractice, Practice__Output } from '@daybook/protos/gen/daybook/scheduling/v1/Practice';
import { ValidationError } from '@daybook/runtime/errors';
import { unary } from '@daybook/runtime/grpc-server';
import type { Dependencies } from '../app/dependencies.ts';
import { getPractice, updatePractice } from '../app/practice.ts';
import type { Practice, PracticeParticulars } from '../domain/practice.ts';
import { writeOptionalInstant } from './fields.ts';
import type { Handlers } from './rpc-handlers.ts';

function readPractice(practice: Practice__Output | null): PracticeParticulars {
  if (!practice) throw new ValidationError([{ pointer: '', message: "Give the practice's particulars." }]);
  const { name, country, weekStart, hourCycle, language, secondTimeZone, guideStepsDone } = practice;
  return { name, country, weekStart, hourCycle, language, secondTimeZone, guideStepsDone };
}

function writePractice(practice: Practice): ProtoPractice {
  const { lastProvenRestoreAt, guideStepsDone, ...rest } = practice;
  return {
    ...rest,
    guideStepsDone: [...guideStepsDone],
    lastProvenRestoreAt: writeOptionalInstant(lastProvenRestoreAt),
  };
}

/** The rpcs on the practice's own particulars. */
export function practiceHandlers(deps: Dependencies) {
  const get = getPractice(deps);
  const update = updatePractice(deps);
  return {
    GetPractice: unary(async (_request, call) => ({ practice: writePractice(await get(call.requireUser())) })),
    UpdatePractice: unary(async (request, call) => {
      const particulars = readPractice(request.practice);
      return { practice: writePractice(await update(call.requireUser(), particulars, request.expectedVersion)) };
    }),
  } satisfies Partial<Handlers>;
}
