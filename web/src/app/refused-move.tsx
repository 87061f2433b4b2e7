import { X } from 'lucide-react';
import { useTranslation } from 'react-i18next';
import { RefusalNotice } from '../features/booking/components/refusal-notice.tsx';
import { IconButton } from '../ui/button.tsx';

/** A move that was refused, and how it could be tried again. */
export type RefusedMove = {
  name: string;
  error: unknown;
  /** The day that was asked for. */
  day: string;
  retry: (change: { start?: string; override?: boolean }) => void;
};

/** Says beside the calendar why a move was refused and offers the nearest times; the calendar stays usable. */
export function RefusedMoveCard(props: { refused: RefusedMove; onClose: () => void }) {
  const { refused } = props;
  const { t } = useTranslation();
  return (
    <section
      aria-label={t('calendar.moveRefused', { name: refused.name })}
      className="fixed inset-x-3 top-28 z-30 mx-auto flex max-w-lg animate-fade-in flex-col gap-2 rounded-2xl border border-line bg-card p-4 shadow-panel print:hidden"
      onKeyDown={(event) => event.key === 'Escape' && props.onClose()}
    >
      <div className="flex items-center justify-between gap-2">
        <h2 className="font-semibold">{t('calendar.moveRefused', { name: refused.name })}</h2>
        <IconButton label={t('common.close')} className="-my-1 -mr-1" onClick={props.onClose}>
          <X aria-hidden className="size-4" />
        </IconButton>
      </div>
      <RefusalNotice
        error={refused.error}
        day={refused.day}
        overrideLabel={t('reschedule.override')}
        onPickStart={(start) => refused.retry({ start })}
        onOverride={() => refused.retry({ override: true })}
      />
    </section>
  );
}
