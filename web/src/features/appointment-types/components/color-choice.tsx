import { Check } from 'lucide-react';
import { useId } from 'react';
import { useTranslation } from 'react-i18next';

/** The colours that are offered, each dark enough to carry white and named so that nobody needs to tell them apart by eye. */
export const typeColors = [
  { value: '#0f766e', name: 'teal' },
  { value: '#1d4ed8', name: 'blue' },
  { value: '#6d28d9', name: 'violet' },
  { value: '#be123c', name: 'rose' },
  { value: '#c2410c', name: 'orange' },
  { value: '#a16207', name: 'ochre' },
  { value: '#15803d', name: 'green' },
  { value: '#475569', name: 'slate' },
] as const;

/** A choice of one named colour; one that was set elsewhere stays offered. */
export function ColorChoice(props: { value: string; onChange: (color: string) => void }) {
  const { t } = useTranslation();
  const name = useId();
  const known = typeColors.some(({ value }) => value === props.value.toLowerCase());
  const colors: readonly { value: string; name: (typeof typeColors)[number]['name'] | 'own' }[] = known
    ? typeColors
    : [...typeColors, { value: props.value, name: 'own' }];
  return (
    <fieldset className="min-w-0">
      <legend className="mb-1 text-sm font-medium">{t('types.color')}</legend>
      <div className="flex flex-wrap gap-2">
        {colors.map((color) => {
          const chosen = color.value === props.value.toLowerCase() || color.value === props.value;
          return (
            <label
              key={color.value}
              className="touch-target flex cursor-pointer items-center gap-2 rounded-full border border-line bg-card py-1 pr-3 pl-1.5 text-sm has-checked:border-accent has-checked:bg-accent-soft/60 has-focus-visible:outline-2 has-focus-visible:outline-offset-2 has-focus-visible:outline-accent"
            >
              <input
                type="radio"
                name={name}
                className="sr-only"
                checked={chosen}
                onChange={() => props.onChange(color.value)}
              />
              <span
                aria-hidden
                className="inline-flex size-6 items-center justify-center rounded-full text-white"
                style={{ background: color.value }}
              >
                {chosen && <Check className="size-3.5" />}
              </span>
              {t(`types.colors.${color.name}`)}
            </label>
          );
        })}
      </div>
    </fieldset>
  );
}
