import type { AttemptAction, AttemptRecord } from '../db/attempt-repository.ts';
import { TargetError, type CalendarTarget } from '../targets/target.ts';

/** Statuses the API answers a success with; the port does not carry them. */
const successStatus: Partial<Record<AttemptAction, number>> = { create: 201, move: 201 };

/** The target with its calls about one appointment written down as they end, for the owner to read. */
export function watchCalls(
  target: CalendarTarget,
  now: () => number,
): { target: CalendarTarget; attempts: AttemptRecord[] } {
  const attempts: AttemptRecord[] = [];
  const watch =
    <Request, Answer>(action: AttemptAction, call: (request: Request) => Promise<Answer>) =>
    async (request: Request): Promise<Answer> => {
      const at = now();
      const begun = performance.now();
      const write = (end: Pick<AttemptRecord, 'outcome' | 'status' | 'message'>): void => {
        attempts.push({ at, durationMs: performance.now() - begun, action, ...end });
      };
      try {
        const answer = await call(request);
        write({ outcome: 'ok', status: successStatus[action] ?? 200, message: '' });
        return answer;
      } catch (error) {
        if (error instanceof TargetError) {
          write({ outcome: outcomeOf(error), status: error.status, message: error.words });
        }
        throw error;
      }
    };
  return {
    attempts,
    target: {
      ...target,
      find: watch('look', target.find),
      follow: watch('look', target.follow),
      create: watch('create', target.create),
      move: watch('move', target.move),
      remove: watch('cancel', target.remove),
      markAbsent: watch('mark_absent', target.markAbsent),
    },
  };
}

function outcomeOf({ fault }: TargetError): AttemptRecord['outcome'] {
  if (fault.kind === 'garbage') return 'unknown';
  return fault.kind === 'unavailable' && fault.effect !== 'none' ? 'unknown' : 'failed';
}
