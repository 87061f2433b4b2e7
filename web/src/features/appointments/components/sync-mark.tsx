import type { AppointmentSync } from '@daybook/http-contract/appointments';
import { useTranslation } from 'react-i18next';
import { StatusMark } from '../../../ui/status-mark.tsx';

/** How an appointment stands with Cal.com: icon and word, the sentence for readers. */
export function SyncMark(props: { sync: AppointmentSync; compact?: boolean; shortOnPhone?: boolean }) {
  const { t } = useTranslation();
  const { state } = props.sync;
  return (
    <StatusMark
      kind={state}
      word={t(`sync.words.${state}`)}
      sentence={t(`sync.sentences.${state}`)}
      compact={props.compact ?? false}
      // What is as it should be gives its place to the name.
      shortOnPhone={props.shortOnPhone === true && state === 'in_step'}
    />
  );
}
