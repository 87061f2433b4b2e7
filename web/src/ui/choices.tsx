import { useId } from 'react';
import type { ComponentPropsWithRef, ReactNode } from 'react';
import { classNames } from './class-names.ts';

/** A choice of one among a few that need a sentence each. */
export function RadioCards<Value extends string>(props: {
  legend: string;
  options: readonly { value: Value; label: string; hint?: ReactNode }[];
  value: Value | undefined;
  onChange: (value: Value) => void;
}) {
  const name = useId();
  return (
    <fieldset className="flex min-w-0 flex-col gap-2">
      <legend className="mb-1 text-sm font-medium">{props.legend}</legend>
      {props.options.map((option) => {
        const chosen = option.value === props.value;
        return (
          <label
            key={option.value}
            className={classNames(
              'flex cursor-pointer gap-3 rounded-xl border p-3.5 transition-colors',
              chosen ? 'border-accent bg-accent-soft/50' : 'border-line bg-card hover:border-line-strong',
            )}
          >
            <input
              type="radio"
              name={name}
              checked={chosen}
              onChange={() => props.onChange(option.value)}
              // The hint lies inside the label, to be clicked too, but is not part of the name.
              aria-labelledby={`${name}-${option.value}-name`}
              aria-describedby={option.hint === undefined ? undefined : `${name}-${option.value}`}
              className="mt-1 size-4 shrink-0 accent-(--accent)"
            />
            <span className="min-w-0">
              <span id={`${name}-${option.value}-name`} className="block font-medium">
                {option.label}
              </span>
              {option.hint !== undefined && (
                <span id={`${name}-${option.value}`} className="block text-sm text-ink-soft">
                  {option.hint}
                </span>
              )}
            </span>
          </label>
        );
      })}
    </fieldset>
  );
}

/** Yes or no, with a sentence about what yes means. */
export function Checkbox(
  props: Omit<ComponentPropsWithRef<'input'>, 'type' | 'id' | 'className'> & { label: ReactNode; hint?: ReactNode },
) {
  const { label, hint, ...input } = props;
  const id = useId();
  return (
    <div className="flex gap-3">
      <input
        {...input}
        id={id}
        type="checkbox"
        aria-describedby={hint === undefined ? undefined : `${id}-hint`}
        className="mt-1 size-4 shrink-0 accent-(--accent)"
      />
      <div className="min-w-0">
        <label htmlFor={id} className="cursor-pointer font-medium">
          {label}
        </label>
        {hint !== undefined && (
          <p id={`${id}-hint`} className="text-sm text-ink-soft">
            {hint}
          </p>
        )}
      </div>
    </div>
  );
}

/** What a list is narrowed to; each choice says how many it holds. */
export function FilterPills<Value extends string>(props: {
  label: string;
  options: readonly { value: Value; label: string; count?: number | undefined }[];
  value: Value;
  onChange: (value: Value) => void;
}) {
  return (
    <div role="group" aria-label={props.label} className="flex flex-wrap gap-1.5">
      {props.options.map((option) => (
        <button
          key={option.value}
          type="button"
          aria-pressed={option.value === props.value}
          onClick={() => props.onChange(option.value)}
          className="touch-target inline-flex items-center gap-1.5 rounded-full border border-line bg-card px-3.5 text-sm font-medium text-ink-soft transition-colors hover:border-line-strong hover:text-ink aria-pressed:border-accent aria-pressed:bg-accent-soft aria-pressed:text-ink"
        >
          {option.label}
          {option.count !== undefined && <span className="text-xs tabular-nums">{option.count}</span>}
        </button>
      ))}
    </div>
  );
}
