import type { ConnectionTest } from '@daybook/http-contract/calendar-connections';
import { CircleCheck, CircleX } from 'lucide-react';
import { useTranslation } from 'react-i18next';
import { Notice } from '../../../ui/notice.tsx';
import { ServerWords } from '../../../ui/server-words.tsx';

/** What a connection test found, step by step: what was looked at, and in words what is wrong and what to do. */
export function TestSteps(props: {
  test: Pick<ConnectionTest, 'passed' | 'accountName' | 'accountEmail'> & { steps: ConnectionTest['steps'] };
}) {
  const { passed, steps, accountName, accountEmail } = props.test;
  const { t, i18n } = useTranslation();
  return (
    <Notice tone={passed ? 'good' : 'bad'} title={passed ? t('connect.passed') : t('connect.failed')}>
      {accountName !== undefined && (
        <p>{t('connection.account', { name: [accountName, accountEmail].filter(Boolean).join(', ') })}</p>
      )}
      <ol className="flex flex-col gap-2">
        {steps.map((step) => {
          const Icon = step.passed ? CircleCheck : CircleX;
          return (
            <li key={step.step} className="flex gap-2">
              <Icon aria-hidden className={`mt-0.5 size-4 shrink-0 ${step.passed ? 'text-good' : 'text-bad'}`} />
              <div className="min-w-0">
                <p className="font-medium">
                  {t(`connect.steps.${step.step}`)}
                  <span className="sr-only">: {step.passed ? t('connect.stepPassed') : t('connect.stepFailed')}</span>
                </p>
                {!step.passed && <p>{t(`connect.fixes.${step.step}`)}</p>}
                {/* What went well needs no second telling, least of all in another language. */}
                {step.message !== '' && (!step.passed || i18n.language === 'en') && (
                  <p className="text-ink-soft">
                    <ServerWords words={step.message} />
                  </p>
                )}
              </div>
            </li>
          );
        })}
      </ol>
    </Notice>
  );
}
