import { classNames } from './class-names.ts';

/** A key to press, drawn as one. For the eye only: what it does is said by its neighbour. */
export function Kbd(props: { children: string; className?: string }) {
  return (
    <kbd
      aria-hidden
      className={classNames(
        'inline-flex min-w-5 items-center justify-center rounded border border-line-strong/60 bg-sunken px-1 font-sans text-[0.6875rem] leading-5 font-medium text-ink-soft',
        props.className,
      )}
    >
      {props.children}
    </kbd>
  );
}
