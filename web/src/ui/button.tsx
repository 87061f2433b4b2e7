import { LoaderCircle } from 'lucide-react';
import type { ComponentPropsWithRef } from 'react';
import { classNames } from './class-names.ts';

/** How much a button asks for. */
export type ButtonVariant = 'primary' | 'secondary' | 'quiet' | 'danger';

const looks: Record<ButtonVariant, string> = {
  primary: 'bg-accent text-on-accent hover:bg-accent-strong',
  secondary: 'border border-line bg-card text-ink shadow-card hover:border-line-strong',
  quiet: 'text-ink-soft hover:bg-sunken hover:text-ink',
  danger: 'border border-bad/40 bg-card text-bad hover:bg-bad-soft',
};

/** Classes of a button, for links that look like one. */
export function buttonClass(variant: ButtonVariant = 'secondary', extra?: string): string {
  return classNames(
    'touch-target inline-flex items-center justify-center gap-2 rounded-lg px-3.5 text-sm font-medium transition-colors',
    'disabled:opacity-60 aria-disabled:opacity-60',
    looks[variant],
    extra,
  );
}

/** A button. While busy it keeps its place and its focus, and answers no click. */
export function Button(props: ComponentPropsWithRef<'button'> & { variant?: ButtonVariant; busy?: boolean }) {
  const { variant, busy = false, className, children, onClick, type = 'button', ...rest } = props;
  return (
    <button
      {...rest}
      type={type}
      aria-disabled={busy || undefined}
      className={buttonClass(variant, className)}
      onClick={(event) => {
        if (busy) event.preventDefault();
        else onClick?.(event);
      }}
    >
      {busy && <LoaderCircle aria-hidden className="size-4 animate-spin" />}
      {children}
    </button>
  );
}

/** A button that shows an icon only; the label is read out and shown on hover. */
export function IconButton(props: ComponentPropsWithRef<'button'> & { label: string }) {
  const { label, className, children, type = 'button', ...rest } = props;
  return (
    <button
      {...rest}
      type={type}
      aria-label={label}
      title={label}
      className={classNames(
        'touch-target inline-flex aspect-square items-center justify-center rounded-lg text-ink-soft transition-colors hover:bg-sunken hover:text-ink disabled:opacity-50',
        className,
      )}
    >
      {children}
    </button>
  );
}
