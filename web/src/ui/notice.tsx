import { CircleAlert, CircleCheck, Info, TriangleAlert } from 'lucide-react';
import type { ReactNode } from 'react';
import { classNames } from './class-names.ts';

/** How serious a notice is. */
export type NoticeTone = 'info' | 'good' | 'warn' | 'bad';

const looks = {
  info: { box: 'border-line bg-sunken text-ink', Icon: Info, icon: 'text-ink-soft' },
  good: { box: 'border-good/30 bg-good-soft text-ink', Icon: CircleCheck, icon: 'text-good' },
  warn: { box: 'border-warn/30 bg-warn-soft text-ink', Icon: TriangleAlert, icon: 'text-warn' },
  bad: { box: 'border-bad/30 bg-bad-soft text-ink', Icon: CircleAlert, icon: 'text-bad' },
} as const;

/** A message in the page: an icon, words, and what to do. Bad news is read out at once. */
export function Notice(props: { tone: NoticeTone; title?: string; children?: ReactNode; className?: string }) {
  const { tone, title, children, className } = props;
  const { box, Icon, icon } = looks[tone];
  return (
    <div
      role={tone === 'bad' ? 'alert' : 'status'}
      className={classNames('flex gap-2.5 rounded-lg border px-3.5 py-3 text-sm', box, className)}
    >
      <Icon aria-hidden className={classNames('mt-0.5 size-4.5 shrink-0', icon)} />
      <div className="flex min-w-0 flex-1 flex-col gap-2">
        {title !== undefined && <p className="font-medium">{title}</p>}
        {children}
      </div>
    </div>
  );
}
