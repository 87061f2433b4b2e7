import { CalendarPlus } from 'lucide-react';
import { useTranslation } from 'react-i18next';
import { AppLink } from '../ui/app-link.tsx';
import { Button, buttonClass } from '../ui/button.tsx';
import { EmptyState } from '../ui/empty-state.tsx';

/** What Today says when nothing is planned, and what to do next. */
export function NothingPlanned(props: { onBook: () => void }) {
  const { t } = useTranslation();
  return (
    <EmptyState
      icon={<CalendarPlus />}
      title={t('today.emptyTitle')}
      actions={
        <>
          <Button variant="primary" onClick={props.onBook}>
            {t('nav.book')}
          </Button>
          <AppLink to="/calendar" className={buttonClass()}>
            {t('today.openCalendar')}
          </AppLink>
        </>
      }
    >
      {t('today.emptyHint')}
    </EmptyState>
  );
}
