import type { GuideStep } from '@daybook/http-contract/practice';
import { Check } from 'lucide-react';
import { useState } from 'react';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { useAllTypes } from '../../features/appointment-types/api/types.ts';
import { TypeForm } from '../../features/appointment-types/components/type-form.tsx';
import { useAppointmentsBetween } from '../../features/appointments/api/list-appointments.ts';
import { useAvailability } from '../../features/availability/api/get-availability.ts';
import { FirstHoursOffer } from '../../features/availability/components/first-hours-offer.tsx';
import { hasNoHours } from '../../features/availability/has-no-hours.ts';
import { useConnections } from '../../features/calendar-connections/api/list-connections.ts';
import { ConnectForm } from '../../features/calendar-connections/components/connect-form.tsx';
import { GuideSteps } from '../../features/guide/components/guide-steps.tsx';
import { usePracticeSettings } from '../../features/practice/api/get-practice.ts';
import { useUpdatePractice } from '../../features/practice/api/update-practice.ts';
import { usePractice } from '../../lib/practice.tsx';
import { describeError } from '../../lib/problem.ts';
import { addDays, startOfDay, todayIn } from '../../lib/time.ts';
import { AppLink } from '../../ui/app-link.tsx';
import { Button, buttonClass } from '../../ui/button.tsx';
import { Notice } from '../../ui/notice.tsx';
import { Page } from '../../ui/page.tsx';
import { ReadState } from '../../ui/read-state.tsx';
import { SkeletonList } from '../../ui/skeleton.tsx';
import { openBooking } from '../open-panels.ts';

/** Setting up, one step after the other. What is done is kept with the practice, so it goes on where it was left. */
export function GuideRoute() {
  const { t } = useTranslation();
  const settings = usePracticeSettings();
  const update = useUpdatePractice();
  const rules = useAvailability();
  const connections = useConnections();
  const types = useAllTypes();
  const hasAppointments = useHasAppointments();
  const [typeSaved, setTypeSaved] = useState(false);
  const connection = connections.data?.items[0];
  const isConnected = connection !== undefined && connection.state !== 'off';
  const usual = types.data?.items.find((type) => type.isDefault);
  const look = (to: string, words: string) => (
    <AppLink to={to} className={buttonClass('secondary', 'self-start')}>
      {words}
    </AppLink>
  );
  return (
    <Page title={t('guide.title')} lead={t('guide.lead')}>
      <ReadState query={settings} skeleton={<SkeletonList rows={4} label={t('common.loading')} />}>
        {(practice) => {
          const finish = (step: GuideStep) => {
            const guideStepsDone = [...new Set([...practice.guideStepsDone, step])];
            update.mutate({ before: practice, change: { guideStepsDone } });
          };
          return (
            <>
              {update.isError && (
                <Notice tone="bad" className="mb-4">
                  {describeError(update.error, t)}
                </Notice>
              )}
              <GuideSteps
                done={practice.guideStepsDone}
                busy={update.isPending}
                onDone={finish}
                finish={
                  <AppLink to="/" className={buttonClass('primary')}>
                    {t('guide.toToday')}
                  </AppLink>
                }
                steps={{
                  hours: {
                    content:
                      rules.data === undefined ? (
                        <SkeletonList rows={1} label={t('common.loading')} />
                      ) : (
                        <FirstHoursOffer rules={rules.data} otherWay={look('/hours', t('firstHours.other'))} />
                      ),
                    ...(rules.data === undefined || hasNoHours(rules.data)
                      ? {}
                      : {
                          have: (
                            <Have words={t('guide.steps.hours.have')}>
                              {look('/hours', t('guide.steps.hours.change'))}
                            </Have>
                          ),
                        }),
                  },
                  type: {
                    content:
                      usual === undefined ? (
                        <SkeletonList rows={2} label={t('common.loading')} />
                      ) : (
                        <TypeForm
                          key={usual.id}
                          type={usual}
                          onSaved={() => {
                            setTypeSaved(true);
                            finish('type');
                          }}
                          onCancel={() => finish('type')}
                        />
                      ),
                    ...(typeSaved ? { have: look('/types', t('guide.steps.type.change')) } : {}),
                  },
                  calcom: {
                    content: <ConnectForm connection={undefined} onSaved={() => finish('calcom')} />,
                    ...(isConnected
                      ? {
                          have: (
                            <Have words={t('guide.steps.calcom.have')}>
                              {look('/calcom', t('guide.steps.calcom.change'))}
                            </Have>
                          ),
                        }
                      : {}),
                  },
                  booking: {
                    content: (
                      <Button variant="primary" className="self-start" onClick={() => openBooking()}>
                        {t('nav.book')}
                      </Button>
                    ),
                    ...(hasAppointments ? { have: <Have words={t('guide.steps.booking.have')} /> } : {}),
                  },
                }}
              />
            </>
          );
        }}
      </ReadState>
    </Page>
  );
}

/** What a step would do is there already. */
function Have(props: { words: string; children?: ReactNode }) {
  return (
    <>
      <p className="flex items-center gap-2 font-medium">
        <Check aria-hidden className="size-4 text-good" />
        {props.words}
      </p>
      {props.children}
    </>
  );
}

function useHasAppointments(): boolean {
  const { timeZone } = usePractice();
  const today = todayIn(timeZone);
  const found = useAppointmentsBetween({
    from: startOfDay(addDays(today, -30), timeZone),
    to: startOfDay(addDays(today, 60), timeZone),
  });
  return (found.data?.items.length ?? 0) > 0;
}
