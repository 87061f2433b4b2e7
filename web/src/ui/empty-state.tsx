import type { ReactNode } from 'react';

/** Nothing here: why, and what to do next. */
export function EmptyState(props: { icon: ReactNode; title: string; children?: ReactNode; actions?: ReactNode }) {
  return (
    <div className="flex flex-col items-center gap-3 rounded-xl border border-dashed border-line-strong/50 px-6 py-10 text-center">
      <div aria-hidden className="text-ink-soft [&>svg]:size-8 [&>svg]:stroke-[1.5]">
        {props.icon}
      </div>
      <p className="text-lg font-medium">{props.title}</p>
      {props.children !== undefined && <div className="max-w-prose text-ink-soft">{props.children}</div>}
      {props.actions !== undefined && <div className="flex flex-wrap justify-center gap-2 pt-1">{props.actions}</div>}
    </div>
  );
}
