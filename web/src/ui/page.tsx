import { useEffect, useRef } from 'react';
import type { ReactNode } from 'react';

/** A screen: its heading takes the focus when the screen is reached by a link, so that readers and keyboards start there. */
export function Page(props: {
  title: string;
  lead?: ReactNode;
  actions?: ReactNode;
  wide?: boolean;
  children: ReactNode;
}) {
  const heading = useRef<HTMLHeadingElement>(null);
  useEffect(() => {
    document.title = `${props.title} · Daybook`;
  }, [props.title]);
  useEffect(() => {
    // Not on the first load: a browser starts at the top by itself.
    if (window.history.state !== null && document.activeElement === document.body) heading.current?.focus();
  }, []);
  return (
    <div className={props.wide === true ? 'mx-auto w-full max-w-[96rem]' : 'mx-auto w-full max-w-4xl'}>
      <div className="mb-4 flex flex-wrap items-end gap-x-4 gap-y-2">
        <div className="min-w-0 flex-[1_1_16rem]">
          <h1 ref={heading} tabIndex={-1} className="text-2xl font-semibold tracking-tight focus:outline-none">
            {props.title}
          </h1>
          {props.lead !== undefined && <p className="text-ink-soft">{props.lead}</p>}
        </div>
        {props.actions}
      </div>
      {props.children}
    </div>
  );
}
