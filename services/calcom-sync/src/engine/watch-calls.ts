import type { AttemptAction, AttemptRecord } from '../db/attempt-repository.ts';
import {
  TargetError,
  type AbsenceRequest,
  type CalendarTarget,
  type CreateRequest,
  type FindQuery,
  type MoveRequest,
  type RemoveRequest,
} from '../targets/target.ts';

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
      find: watch('look', (request: FindQuery) => target.find(request)),
      follow: watch('look', (request: string) => target.follow(request)),
      create: watch('create', (request: CreateRequest) => target.create(request)),
      move: watch('move', (request: MoveRequest) => target.move(request)),
      remove: watch('cancel', (request: RemoveRequest) => target.remove(request)),
      markAbsent: watch('mark_absent', (request: AbsenceRequest) => target.markAbsent(request)),
    },
  };
}

function outcomeOf({ fault }: TargetError): AttemptRecord['outcome'] {
  if (fault.kind === 'garbage') return 'unknown';
  return fault.kind === 'unavailable' && fault.effect !== 'none' ? 'unknown' : 'failed';
}
