import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useAvailability } from '../../features/availability/api/get-availability.ts';
import { FirstHoursOffer } from '../../features/availability/components/first-hours-offer.tsx';
import { hasNoHours } from '../../features/availability/has-no-hours.ts';
import { HoursEditor } from '../../features/availability/components/hours-editor.tsx';
import { describeError } from '../../lib/problem.ts';
import { Button } from '../../ui/button.tsx';
import { Notice } from '../../ui/notice.tsx';
import { Page } from '../../ui/page.tsx';
import { Skeleton } from '../../ui/skeleton.tsx';
import { openAppointment } from '../open-panels.ts';

/** When the practice is open. */
export function AvailabilityRoute() {
  const { t } = useTranslation();
  const rules = useAvailability();
  const [ownWay, setOwnWay] = useState(false);
  const [opening, setOpening] = useState(0);
  const offer = rules.data !== undefined && hasNoHours(rules.data) && !ownWay;
  return (
    <Page title={t('availability.title')} lead={t('availability.lead')}>
      {rules.isPending && <Skeleton className="h-[32rem] w-full" />}
      {rules.isError && rules.data === undefined && (
        <Notice tone="bad">
          <p>{describeError(rules.error, t)}</p>
          <Button className="self-start" busy={rules.isFetching} onClick={() => void rules.refetch()}>
            {t('common.tryAgain')}
          </Button>
        </Notice>
      )}
      {offer && (
        <FirstHoursOffer
          rules={rules.data}
          otherWay={<Button onClick={() => setOwnWay(true)}>{t('firstHours.other')}</Button>}
        />
      )}
      {rules.data !== undefined && !offer && (
        <HoursEditor
          key={opening}
          rules={rules.data}
          onOpenAppointment={openAppointment}
          onReload={() => void rules.refetch().then(() => setOpening((count) => count + 1))}
        />
      )}
    </Page>
  );
}
