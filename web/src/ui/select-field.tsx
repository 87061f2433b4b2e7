import type { ComponentPropsWithRef, ReactNode } from 'react';
import { controlClass, Field } from './field.tsx';

type SelectFieldProps<Value extends string> = Omit<
  ComponentPropsWithRef<'select'>,
  'id' | 'className' | 'value' | 'onChange' | 'children'
> & {
  label: string;
  hint?: ReactNode;
  error?: string | undefined;
  className?: string;
  value: Value;
  options: readonly { value: Value; label: string }[];
  onChange: (value: Value) => void;
};

/** A choice of one in the browser's own list, which every phone and every reader knows. */
export function SelectField<Value extends string>(props: SelectFieldProps<Value>) {
  const { label, hint, error, className, value, options, onChange, ...select } = props;
  return (
    <Field
      label={label}
      error={error}
      {...(hint === undefined ? {} : { hint })}
      {...(className === undefined ? {} : { className })}
    >
      {(control) => (
        <select
          {...select}
          {...control}
          className={controlClass}
          value={value}
          onChange={(event) => onChange(event.target.value as Value)}
        >
          {options.map((option) => (
            <option key={option.value} value={option.value}>
              {option.label}
            </option>
          ))}
        </select>
      )}
    </Field>
  );
}
