import { ListChecks, X } from 'lucide-react';
import { useTranslation } from 'react-i18next';
import { AppLink } from '../ui/app-link.tsx';
import { IconButton } from '../ui/button.tsx';
import { usePracticeSettings } from '../features/practice/api/get-practice.ts';
import { useUpdatePractice } from '../features/practice/api/update-practice.ts';
import { guideSteps } from '../features/guide/components/guide-steps.tsx';

/** Leads back to the guide while a step of it is open; who does not want it puts it away for good. */
export function ResumeGuide() {
  const { t } = useTranslation();
  const practice = usePracticeSettings().data;
  const update = useUpdatePractice();
  if (practice === undefined) return null;
  const done = guideSteps.filter((step) => practice.guideStepsDone.includes(step)).length;
  if (done === guideSteps.length) return null;
  return (
    <div className="flex flex-wrap items-center gap-x-3 gap-y-1 rounded-xl bg-accent-soft py-1 pr-1 pl-4 text-sm">
      <ListChecks aria-hidden className="size-4.5 shrink-0 text-accent" />
      <p className="min-w-0 flex-1">
        {t('guide.resume', { done, count: guideSteps.length })}{' '}
        <AppLink to="/guide" className="font-medium whitespace-nowrap underline underline-offset-2">
          {t('guide.goOn')}
        </AppLink>
      </p>
      <IconButton
        label={t('guide.putAway')}
        disabled={update.isPending}
        onClick={() => update.mutate({ before: practice, change: { guideStepsDone: [...guideSteps] } })}
      >
        <X aria-hidden className="size-4" />
      </IconButton>
    </div>
  );
}
