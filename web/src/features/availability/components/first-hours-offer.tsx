import type { Availability } from '@daybook/http-contract/availability';
import { CalendarClock } from 'lucide-react';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { describeError } from '../../../lib/problem.ts';
import { Button } from '../../../ui/button.tsx';
import { EmptyState } from '../../../ui/empty-state.tsx';
import { Notice } from '../../../ui/notice.tsx';
import { useReplaceAvailability } from '../api/replace-availability.ts';

const workdays = ['monday', 'tuesday', 'wednesday', 'thursday', 'friday'] as const;

/** The first thing a new practice needs: its hours. The usual ones take one click. */
export function FirstHoursOffer(props: { rules: Availability; otherWay: ReactNode }) {
  const { t } = useTranslation();
  const replace = useReplaceAvailability();
  const accept = () =>
    replace.mutate({
      version: props.rules.version,
      body: {
        timeZone: props.rules.timeZone,
        weekly: workdays.map((day) => ({ day, start: '09:00', end: '17:00' })),
        overrides: [],
      },
    });
  return (
    <EmptyState
      icon={<CalendarClock />}
      title={t('firstHours.title')}
      actions={
        <>
          <Button variant="primary" busy={replace.isPending} onClick={accept}>
            {t('firstHours.accept')}
          </Button>
          {props.otherWay}
        </>
      }
    >
      <p>{t('firstHours.why', { zone: props.rules.timeZone })}</p>
      {replace.isError && (
        <Notice tone="bad" className="mt-3 text-left">
          {describeError(replace.error, t)}
        </Notice>
      )}
    </EmptyState>
  );
}
