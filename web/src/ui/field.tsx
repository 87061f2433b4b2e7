import { CircleAlert } from 'lucide-react';
import { useId } from 'react';
import type { ComponentPropsWithRef, ReactNode } from 'react';
import { classNames } from './class-names.ts';

/** What a control inside a field must carry. */
export type FieldControl = { id: string; 'aria-describedby'?: string; 'aria-invalid'?: true };

/** Classes of a text control. */
export const controlClass =
  'touch-target block w-full rounded-lg border border-line-strong/60 bg-card px-3 py-2 text-ink placeholder:text-ink-soft/80 hover:border-line-strong aria-invalid:border-bad';

/** A label, its control, a hint, and what is wrong with it beside it. */
export function Field(props: {
  label: string;
  hint?: ReactNode;
  error?: string | undefined;
  optional?: string;
  className?: string;
  children: (control: FieldControl) => ReactNode;
}) {
  const { label, hint, error, optional, className, children } = props;
  const id = useId();
  const described = [hint !== undefined && `${id}-hint`, error !== undefined && `${id}-error`]
    .filter(Boolean)
    .join(' ');
  const control: FieldControl = { id };
  if (described !== '') control['aria-describedby'] = described;
  if (error !== undefined) control['aria-invalid'] = true;
  return (
    <div className={classNames('flex flex-col gap-1', className)}>
      <label htmlFor={id} className="text-sm font-medium text-ink">
        {label}
        {optional !== undefined && <span className="font-normal text-ink-soft"> {optional}</span>}
      </label>
      {children(control)}
      {hint !== undefined && (
        <p id={`${id}-hint`} className="text-xs text-ink-soft">
          {hint}
        </p>
      )}
      {error !== undefined && (
        <p id={`${id}-error`} className="flex items-start gap-1.5 text-sm text-bad">
          <CircleAlert aria-hidden className="mt-0.5 size-4 shrink-0" />
          {error}
        </p>
      )}
    </div>
  );
}

type TextFieldProps = Omit<ComponentPropsWithRef<'input'>, 'id' | 'className'> & {
  label: string;
  hint?: ReactNode;
  error?: string | undefined;
  optional?: string;
  className?: string;
};

/** A field with one line of text. */
export function TextField(props: TextFieldProps) {
  const { label, hint, error, optional, className, ...input } = props;
  return (
    <Field
      label={label}
      error={error}
      {...(hint === undefined ? {} : { hint })}
      {...(optional === undefined ? {} : { optional })}
      {...(className === undefined ? {} : { className })}
    >
      {(control) => <input {...input} {...control} className={controlClass} />}
    </Field>
  );
}

/** Brings the first wrong field of a form into view and focus, once it is drawn as wrong; whoever has gone to another field by then stays there. */
export function focusFirstFault(form: HTMLElement | null): void {
  const asked = document.activeElement;
  requestAnimationFrame(() => {
    if (document.activeElement !== asked) return;
    form?.querySelector<HTMLElement>('[aria-invalid=true]')?.focus();
  });
}
