import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Button } from '../../../../ui/button.tsx';
import { Dialog } from '../../../../ui/dialog.tsx';
import { Notice } from '../../../../ui/notice.tsx';
import { RecoveryCodes } from './recovery-codes.tsx';

/** Shows new recovery codes. A first try to close it before they were kept in some way is answered by a word of warning. */
export function KeptCodesDialog(props: {
  title: string;
  description?: string;
  codes: readonly string[];
  onClose: () => void;
}) {
  const { t } = useTranslation();
  const [kept, setKept] = useState(false);
  const [warned, setWarned] = useState(false);
  const leave = () => (kept || warned ? props.onClose() : setWarned(true));
  return (
    <Dialog
      title={props.title}
      {...(props.description === undefined ? {} : { description: props.description })}
      closeLabel={t('common.close')}
      onClose={leave}
    >
      <div className="flex flex-col gap-5">
        <RecoveryCodes codes={props.codes} onKept={() => setKept(true)} />
        {warned && !kept && <Notice tone="bad">{t('secondFactor.notKept')}</Notice>}
        <Button variant="primary" className="self-end print:hidden" onClick={leave}>
          {t('secondFactor.done')}
        </Button>
      </div>
    </Dialog>
  );
}
