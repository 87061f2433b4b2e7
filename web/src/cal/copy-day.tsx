import { Copy } from 'lucide-react';
import { useId, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Button } from '../ui/button.tsx';

/** Copies a day's hours to other days: which ones is chosen in a row that opens below. */
export function useCopyDay(props: {
  day: number;
  name: string;
  others: readonly { day: number; name: string }[];
  onCopy: (days: readonly number[]) => void;
}) {
  const { t } = useTranslation();
  const { day, name, others } = props;
  const [open, setOpen] = useState(false);
  const [chosen, setChosen] = useState<ReadonlySet<number>>(new Set());
  const id = useId();
  const choose = (days: readonly number[]) => setChosen(new Set(days.filter((other) => other !== day)));

  const button = (
    <Button variant="quiet" aria-expanded={open} aria-controls={id} onClick={() => setOpen(!open)}>
      <Copy aria-hidden className="size-4" />
      {t('hours.copy')}
      <span className="sr-only">: {t('hours.copyTo', { day: name })}</span>
    </Button>
  );
  const row = (
    <div id={id} hidden={!open} className="order-last w-full">
      <div
        role="group"
        aria-label={t('hours.copyTo', { day: name })}
        className="mt-1 flex flex-col gap-3 rounded-lg border border-line bg-paper p-3"
      >
        <p className="text-sm font-medium">{t('hours.copyTo', { day: name })}</p>
        <div className="flex flex-wrap gap-x-5 gap-y-2">
          {others.map((other) => (
            <label key={other.day} className="flex min-h-8 items-center gap-2 text-sm">
              <input
                type="checkbox"
                className="size-4 accent-(--accent)"
                checked={chosen.has(other.day)}
                onChange={() => {
                  const next = new Set(chosen);
                  if (!next.delete(other.day)) next.add(other.day);
                  setChosen(next);
                }}
              />
              {other.name}
            </label>
          ))}
        </div>
        <div className="flex flex-wrap gap-2">
          <Button variant="quiet" onClick={() => choose([1, 2, 3, 4, 5])}>
            {t('hours.copyWorkdays')}
          </Button>
          <Button variant="quiet" onClick={() => choose([0, 1, 2, 3, 4, 5, 6])}>
            {t('hours.copyAll')}
          </Button>
          <Button
            className="ml-auto"
            disabled={chosen.size === 0}
            onClick={() => {
              props.onCopy([...chosen]);
              setChosen(new Set());
              setOpen(false);
            }}
          >
            {t('hours.copyApply')}
          </Button>
        </div>
      </div>
    </div>
  );
  return { button, row };
}
