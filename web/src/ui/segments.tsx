import { classNames } from './class-names.ts';

/** A choice of one among a few, side by side. */
export function Segments<Value extends string>(props: {
  label: string;
  options: readonly { value: Value; label: string }[];
  value: Value;
  onChange: (value: Value) => void;
}) {
  return (
    <div role="group" aria-label={props.label} className="inline-flex rounded-lg border border-line bg-sunken p-0.5">
      {props.options.map((option) => (
        <button
          key={option.value}
          type="button"
          aria-pressed={option.value === props.value}
          onClick={() => props.onChange(option.value)}
          className={classNames(
            'min-h-10 rounded-md px-3 text-sm font-medium text-ink-soft transition-colors hover:text-ink md:min-h-8',
            option.value === props.value && 'bg-card text-ink shadow-card',
          )}
        >
          {option.label}
        </button>
      ))}
    </div>
  );
}
