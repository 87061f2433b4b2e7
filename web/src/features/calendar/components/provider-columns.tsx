import { useEffect, useRef } from 'react';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';

/** A day of several providers side by side, one column each, that scroll together. */
export function ProviderColumns(props: { columns: readonly { id: string; name: string; sheet: ReactNode }[] }) {
  const { columns } = props;
  const { t } = useTranslation();
  const box = useRef<HTMLDivElement>(null);
  useEffect(() => {
    // The grids lay themselves out in a frame of their own.
    const later = setTimeout(() => {
      const begin = box.current?.querySelector<HTMLElement>('[data-time^="07:30"]');
      if (box.current === null || begin === null || begin === undefined) return;
      const head = box.current.querySelector('h2')?.getBoundingClientRect().height ?? 0;
      box.current.scrollTop += begin.getBoundingClientRect().top - box.current.getBoundingClientRect().top - head;
    }, 100);
    return () => clearTimeout(later);
  }, []);
  return (
    <div
      ref={box}
      data-columns
      role="group"
      aria-label={t('calendar.provider')}
      className="grid min-h-0 flex-1 auto-cols-[minmax(13rem,1fr)] grid-flow-col overflow-auto rounded-xl border border-line bg-card print:hidden"
    >
      {columns.map(({ id, name, sheet }) => (
        <section key={id} aria-label={name} className="min-w-0 border-l border-line first:border-l-0">
          <h2 className="sticky top-0 z-10 truncate border-b border-line bg-card px-3 py-2.5 text-center text-sm font-semibold">
            {name}
          </h2>
          {sheet}
        </section>
      ))}
    </div>
  );
}
