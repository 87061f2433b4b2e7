import { useId } from 'react';
import type { ReactNode } from 'react';
import { classNames } from './class-names.ts';

/** A part of a screen with its heading, what it is about, and what can be done there. */
export function Card(props: {
  title: ReactNode;
  lead?: ReactNode;
  actions?: ReactNode;
  className?: string;
  children?: ReactNode;
}) {
  const heading = useId();
  return (
    <section
      aria-labelledby={heading}
      className={classNames(
        'flex flex-col gap-4 rounded-2xl border border-line bg-card p-5 shadow-card md:p-6',
        props.className,
      )}
    >
      <div className="flex flex-wrap items-start gap-x-4 gap-y-2">
        <div className="min-w-0 flex-[1_1_14rem]">
          <h2 id={heading} className="text-lg font-semibold tracking-tight break-words">
            {props.title}
          </h2>
          {props.lead !== undefined && <p className="text-sm text-ink-soft">{props.lead}</p>}
        </div>
        {props.actions}
      </div>
      {props.children}
    </section>
  );
}

/** Numbers that matter, each under its name. */
export function Figures(props: { items: readonly { label: string; value: ReactNode; hint?: ReactNode }[] }) {
  return (
    <dl className="grid grid-cols-2 gap-x-4 gap-y-3 sm:grid-cols-4">
      {props.items.map((item) => (
        <div key={item.label} className="min-w-0">
          <dt className="text-sm text-ink-soft">{item.label}</dt>
          <dd className="text-lg font-medium break-words tabular-nums">{item.value}</dd>
          {item.hint !== undefined && <dd className="text-xs text-ink-soft">{item.hint}</dd>}
        </div>
      ))}
    </dl>
  );
}
