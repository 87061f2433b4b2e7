import { useTranslation } from 'react-i18next';
import { classNames } from '../../../ui/class-names.ts';
import { controlClass, Field } from '../../../ui/field.tsx';

/** A length in minutes: one of those offered, or any other typed. */
export function LengthField(props: {
  value: string;
  offered: readonly number[];
  error?: string | undefined;
  onChange: (minutes: string) => void;
}) {
  const { t } = useTranslation();
  return (
    <div className="flex flex-col gap-2">
      <Field label={t('booking.length')} error={props.error}>
        {(control) => (
          <input
            {...control}
            type="number"
            min={5}
            max={1440}
            step={5}
            className={controlClass}
            value={props.value}
            onChange={(event) => props.onChange(event.target.value)}
          />
        )}
      </Field>
      {props.offered.length > 1 && (
        <div role="group" aria-label={t('booking.offeredLengths')} className="flex flex-wrap gap-1.5">
          {props.offered.map((minutes) => (
            <button
              key={minutes}
              type="button"
              aria-pressed={props.value === String(minutes)}
              onClick={() => props.onChange(String(minutes))}
              className={classNames(
                'min-h-11 min-w-11 rounded-md border px-2 text-sm md:min-h-8 md:min-w-0',
                props.value === String(minutes)
                  ? 'border-accent bg-accent-soft text-accent'
                  : 'border-line text-ink-soft',
              )}
            >
              {t('common.minutesShort', { count: minutes })}
            </button>
          ))}
        </div>
      )}
    </div>
  );
}
