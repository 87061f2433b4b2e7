import '../../../lib/schema-setup.ts';
import type { Appointment } from '@daybook/http-contract/appointments';
import type { Availability, ReplaceAvailabilityRequest } from '@daybook/http-contract/availability';
import { replaceAvailabilityRequest } from '@daybook/http-contract/availability';
import { CalendarOff } from 'lucide-react';
import { lazy, Suspense, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { loadAvailabilityEditor } from '../../../cal/load.ts';
import { usePractice } from '../../../lib/practice.tsx';
import { describeError, isProblem } from '../../../lib/problem.ts';
import { announce } from '../../../ui/announcer.tsx';
import { Button } from '../../../ui/button.tsx';
import { Notice } from '../../../ui/notice.tsx';
import { Skeleton } from '../../../ui/skeleton.tsx';
import { showToast } from '../../../ui/toast.ts';
import { previewAvailability } from '../api/preview-availability.ts';
import { useReplaceAvailability } from '../api/replace-availability.ts';
import { mergeOverride } from '../merge-override.ts';
import { OutsideHoursNotice } from './outside-hours-notice.tsx';
import { ReviewDialog } from './review-dialog.tsx';
import type { Review } from './review-dialog.tsx';
import { TimeOffDialog } from './time-off-dialog.tsx';

const AvailabilityEditor = lazy(loadAvailabilityEditor);

type Outcome = 'saved' | 'skipped';
type Question = { review: Review; zone: string; answer: (save: boolean) => void };

/**
 * Edits the hours it was opened with. Before anything is saved it shows what would change and asks. When the hours change elsewhere
 * meanwhile, what is being typed stays and a notice offers the new ones; saving old hours over new ones is refused by their version.
 */
export function HoursEditor(props: {
  rules: Availability;
  onReload: () => void;
  onOpenAppointment: (id: string) => void;
}) {
  const { t } = useTranslation();
  const practice = usePractice();
  const [base, setBase] = useState(props.rules);
  const [outside, setOutside] = useState<readonly Appointment[]>([]);
  const [problem, setProblem] = useState<unknown>(undefined);
  const [invalid, setInvalid] = useState(false);
  const [question, setQuestion] = useState<Question>();
  const [isAddingDays, setAddingDays] = useState(false);
  const replace = useReplaceAvailability();
  const saved = useRef({ version: props.rules.version, body: '' });
  const draft = useRef<ReplaceAvailabilityRequest>(undefined);
  const queue = useRef<Promise<unknown>>(Promise.resolve());

  /** Shows what would change and waits for the answer; hours that change nothing need no question. */
  const ask = async (body: ReplaceAvailabilityRequest): Promise<boolean> => {
    let review: Review;
    try {
      const preview = await previewAvailability(body, practice.timeZone);
      const { opens, closes, outsideNewHours } = preview;
      const isSilent = opens.length + closes.length + outsideNewHours.length === 0;
      if (isSilent && body.timeZone === practice.timeZone) return true;
      review = { preview };
    } catch (error) {
      review = { error };
    }
    return new Promise((resolve) => setQuestion({ review, zone: body.timeZone, answer: resolve }));
  };
  const save = async (body: ReplaceAvailabilityRequest): Promise<Outcome> => {
    const text = JSON.stringify(body);
    // The editor submits by itself when a date is added, and again on Save: the same hours need no second request.
    if (text === saved.current.body) return 'saved';
    const valid = replaceAvailabilityRequest.safeParse(body).success && !hasOverlap(body);
    setInvalid(!valid);
    if (!valid || !(await ask(body))) {
      setQuestion(undefined);
      return 'skipped';
    }
    try {
      const answer = await replace.mutateAsync({ version: saved.current.version, body });
      saved.current = { version: answer.version, body: text };
      setProblem(undefined);
      setOutside(answer.outsideNewHours);
      setBase(answer);
      announce(t('availability.saved'));
      showToast({ title: t('availability.saved') });
      return 'saved';
    } catch (error) {
      setProblem(error);
      return 'skipped';
    } finally {
      setQuestion(undefined);
    }
  };
  /** One after the other, so that each is made from the version the one before it left. */
  const saveInTurn = (body: ReplaceAvailabilityRequest) => {
    const turn = queue.current.then(() => save(body));
    queue.current = turn;
    return turn;
  };
  const isStale = props.rules.version > base.version || isProblem(problem, 'VERSION_CONFLICT');

  return (
    <div className="flex flex-col gap-4">
      {isStale && (
        <Notice tone="warn" title={t('availability.changedElsewhere')}>
          <Button className="self-start" onClick={props.onReload}>
            {t('availability.loadNew')}
          </Button>
        </Notice>
      )}
      {problem !== undefined && !isProblem(problem, 'VERSION_CONFLICT') && (
        <Notice tone="bad">{describeError(problem, t)}</Notice>
      )}
      {invalid && <Notice tone="bad">{t('availability.invalid')}</Notice>}
      {outside.length > 0 && <OutsideHoursNotice appointments={outside} onOpen={props.onOpenAppointment} />}
      <Button className="self-start" onClick={() => setAddingDays(true)}>
        <CalendarOff aria-hidden className="size-4" />
        {t('availability.timeOff.open')}
      </Button>
      <Suspense fallback={<Skeleton className="h-[32rem] w-full" />}>
        <AvailabilityEditor
          rules={base}
          name={t('availability.title')}
          twelveHour={practice.twelveHour}
          firstWeekday={practice.firstWeekday}
          saving={replace.isPending}
          onSave={saveInTurn}
          onChange={(body) => (draft.current = body)}
        />
      </Suspense>
      {isAddingDays && (
        <TimeOffDialog
          onClose={() => setAddingDays(false)}
          onSubmit={(entry) => {
            setAddingDays(false);
            const body = draft.current ?? toRequest(base);
            void saveInTurn({ ...body, overrides: mergeOverride(body.overrides ?? [], entry) });
          }}
        />
      )}
      {question !== undefined && (
        <ReviewDialog
          review={question.review}
          zone={question.zone}
          saving={replace.isPending}
          onSave={() => question.answer(true)}
          onBack={() => question.answer(false)}
          onOpenAppointment={(id) => {
            question.answer(false);
            props.onOpenAppointment(id);
          }}
        />
      )}
    </div>
  );
}

function toRequest({ timeZone, weekly, overrides }: Availability): ReplaceAvailabilityRequest {
  return { timeZone, weekly, overrides };
}

/** Windows of one day may touch but not overlap; the gateway would refuse them without saying which day. */
function hasOverlap(body: ReplaceAvailabilityRequest): boolean {
  const days = Map.groupBy(body.weekly, (window) => window.day as string);
  const groups = [...days.values(), ...(body.overrides ?? []).map((entry) => entry.intervals)];
  return groups.some((windows) => {
    const sorted = [...windows].sort((a, b) => a.start.localeCompare(b.start));
    return sorted.some((window, index) => index > 0 && window.start < (sorted[index - 1]?.end ?? ''));
  });
}
