import type { SecondFactor } from '@daybook/http-contract/session';
import { ShieldCheck } from 'lucide-react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { usePractice } from '../../../../lib/practice.tsx';
import { formatMoment } from '../../../../lib/time.ts';
import { announce } from '../../../../ui/announcer.tsx';
import { Button } from '../../../../ui/button.tsx';
import { Card } from '../../../../ui/card.tsx';
import { Notice } from '../../../../ui/notice.tsx';
import { ReadState } from '../../../../ui/read-state.tsx';
import { Skeleton } from '../../../../ui/skeleton.tsx';
import { showToast } from '../../../../ui/toast.ts';
import { useReplaceRecoveryCodes, useSecondFactor, useTurnOffSecondFactor } from '../../api/second-factor.ts';
import { KeptCodesDialog } from './kept-codes.tsx';
import { ProveDialog } from './prove-dialog.tsx';
import { TurnOnDialog } from './turn-on-dialog.tsx';

type Open = 'turnOn' | 'newCodes' | 'turnOff';

/** From here on new recovery codes are advised. */
const fewCodes = 3;

/** Whether signing in takes a code, and turning that on and off. */
export function SecondFactorCard() {
  const { t } = useTranslation();
  const state = useSecondFactor();
  const [open, setOpen] = useState<Open>();
  const close = () => setOpen(undefined);
  return (
    <Card title={t('secondFactor.title')} lead={t('secondFactor.lead')}>
      <ReadState query={state} skeleton={<Skeleton className="h-12 w-full" />}>
        {(data) => <State state={data} onOpen={setOpen} />}
      </ReadState>
      {open === 'turnOn' && <TurnOnDialog onClose={close} />}
      {open === 'newCodes' && <NewCodesDialog onClose={close} />}
      {open === 'turnOff' && <TurnOffDialog onClose={close} />}
    </Card>
  );
}

function State({ state, onOpen }: { state: SecondFactor; onOpen: (open: Open) => void }) {
  const { t } = useTranslation();
  const { timeZone, locale } = usePractice();
  if (!state.on || state.since === undefined)
    return (
      <Button variant="primary" className="self-start" onClick={() => onOpen('turnOn')}>
        {t('secondFactor.turnOn')}
      </Button>
    );
  return (
    <>
      <p className="flex items-start gap-2">
        <ShieldCheck aria-hidden className="mt-0.5 size-5 shrink-0 text-good" />
        <span>
          {t('secondFactor.onSince', { at: formatMoment(state.since, timeZone, locale) })}{' '}
          {t('secondFactor.left', { count: state.recoveryCodesLeft })}
        </span>
      </p>
      {state.recoveryCodesLeft <= fewCodes && <Notice tone="warn">{t('secondFactor.few')}</Notice>}
      <div className="flex flex-wrap gap-2">
        <Button onClick={() => onOpen('newCodes')}>{t('secondFactor.newCodes')}</Button>
        <Button variant="danger" onClick={() => onOpen('turnOff')}>
          {t('secondFactor.turnOff')}
        </Button>
      </div>
    </>
  );
}

function NewCodesDialog(props: { onClose: () => void }) {
  const { t } = useTranslation();
  const replace = useReplaceRecoveryCodes();
  if (replace.data !== undefined)
    return (
      <KeptCodesDialog title={t('secondFactor.codes')} codes={replace.data.recoveryCodes} onClose={props.onClose} />
    );
  return (
    <ProveDialog
      title={t('secondFactor.newCodes')}
      lead={t('secondFactor.newCodesLead')}
      submit={t('secondFactor.newCodesSubmit')}
      variant="primary"
      busy={replace.isPending}
      error={replace.error}
      onProof={replace.mutateAsync}
      onClose={props.onClose}
    />
  );
}

function TurnOffDialog(props: { onClose: () => void }) {
  const { t } = useTranslation();
  const turnOff = useTurnOffSecondFactor();
  return (
    <ProveDialog
      title={t('secondFactor.turnOff')}
      lead={t('secondFactor.turnOffLead')}
      submit={t('secondFactor.turnOff')}
      variant="danger"
      busy={turnOff.isPending}
      error={turnOff.error}
      onProof={(proof) =>
        turnOff.mutateAsync(proof).then(({ endedSessions }) => {
          const description = t('account.ended', { count: endedSessions });
          announce(`${t('secondFactor.isOff')}. ${description}`);
          showToast({ title: t('secondFactor.isOff'), description });
          props.onClose();
        })
      }
      onClose={props.onClose}
    />
  );
}
