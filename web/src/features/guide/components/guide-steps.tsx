import { Check, PartyPopper } from 'lucide-react';
import type { GuideStep } from '@daybook/http-contract/practice';
import { useState } from 'react';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { Button } from '../../../ui/button.tsx';
import { classNames } from '../../../ui/class-names.ts';
import { EmptyState } from '../../../ui/empty-state.tsx';

/** The steps, in the order they are taken. */
export const guideSteps = ['hours', 'type', 'calcom', 'booking'] as const satisfies readonly GuideStep[];

/** What a step shows: what to do, and what is there already. */
export type StepContent = { content: ReactNode; have?: ReactNode };

/** The steps one below the other: what is done folds up, the first open one is unfolded, each can be left out or shown again. */
export function GuideSteps(props: {
  done: readonly GuideStep[];
  steps: Readonly<Record<GuideStep, StepContent>>;
  busy: boolean;
  onDone: (step: GuideStep) => void;
  finish: ReactNode;
}) {
  const { t } = useTranslation();
  const { done } = props;
  const [shown, setShown] = useState<GuideStep>();
  const next = guideSteps.find((step) => !done.includes(step));
  const current = shown ?? next;
  const finishStep = (step: GuideStep) => {
    setShown(undefined);
    props.onDone(step);
  };
  return (
    <div className="flex flex-col gap-4">
      <div
        role="progressbar"
        aria-label={t('guide.title')}
        aria-valuemin={0}
        aria-valuemax={guideSteps.length}
        aria-valuenow={done.length}
        aria-valuetext={t('guide.progress', { done: done.length, count: guideSteps.length })}
        className="flex items-center gap-2"
      >
        {guideSteps.map((step) => (
          <span
            key={step}
            className={classNames('h-1.5 flex-1 rounded-full', done.includes(step) ? 'bg-accent' : 'bg-line')}
          />
        ))}
        <span className="pl-2 text-sm text-ink-soft">
          {t('guide.progress', { done: done.length, count: guideSteps.length })}
        </span>
      </div>
      {next === undefined && (
        <EmptyState icon={<PartyPopper />} title={t('guide.finished')} actions={props.finish}>
          {t('guide.finishedHint')}
        </EmptyState>
      )}
      <ol className="flex flex-col gap-3">
        {guideSteps.map((step, index) => {
          const isDone = done.includes(step);
          const isOpen = step === current;
          const { content, have } = props.steps[step];
          return (
            <li
              key={step}
              aria-current={isOpen ? 'step' : undefined}
              className={classNames(
                'rounded-2xl border bg-card p-5 md:p-6',
                isOpen ? 'border-accent/60 shadow-card' : 'border-line',
              )}
            >
              <div className="flex flex-wrap items-center gap-3">
                <span
                  aria-hidden
                  className={classNames(
                    'inline-flex size-8 shrink-0 items-center justify-center rounded-full text-sm font-semibold',
                    isDone ? 'bg-accent text-on-accent' : 'bg-sunken text-ink-soft',
                  )}
                >
                  {isDone ? <Check className="size-4" /> : index + 1}
                </span>
                <h2 className="min-w-0 flex-1 text-lg font-semibold tracking-tight">
                  {t(`guide.steps.${step}.title`)}
                  {isDone && <span className="sr-only">, {t('guide.done')}</span>}
                </h2>
                {isDone && !isOpen && (
                  <Button variant="quiet" onClick={() => setShown(step)}>
                    {t('guide.again')}
                  </Button>
                )}
                {isOpen && (
                  <Button variant="quiet" busy={props.busy} onClick={() => finishStep(step)}>
                    {isDone || have !== undefined ? t('guide.next') : t('guide.skip')}
                  </Button>
                )}
              </div>
              {isOpen && (
                <div className="mt-3 flex flex-col gap-4">
                  <p className="text-ink-soft">{t(`guide.steps.${step}.why`)}</p>
                  {have ?? content}
                </div>
              )}
            </li>
          );
        })}
      </ol>
    </div>
  );
}
