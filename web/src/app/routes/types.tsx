import { Plus } from 'lucide-react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { TypeList } from '../../features/appointment-types/components/type-list.tsx';
import { Button } from '../../ui/button.tsx';
import { Page } from '../../ui/page.tsx';

/** What can be booked. */
export function TypesRoute() {
  const { t } = useTranslation();
  const [adding, setAdding] = useState(false);
  return (
    <Page
      title={t('types.title')}
      lead={t('types.lead')}
      actions={
        <Button onClick={() => setAdding(true)}>
          <Plus aria-hidden className="size-4" />
          {t('types.add')}
        </Button>
      }
    >
      <TypeList adding={adding} onAdded={() => setAdding(false)} />
    </Page>
  );
}
