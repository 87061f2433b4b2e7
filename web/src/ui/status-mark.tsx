import { CircleCheck, CircleX, CloudOff, Clock3, DoorOpen, GitCompareArrows, TriangleAlert, UserX } from 'lucide-react';
import type { LucideIcon } from 'lucide-react';
import { classNames } from './class-names.ts';

/** The icon of each mark and its colours. Whoever shows an icon alone says in words what it means. */
export const marks = {
  in_step: { Icon: CircleCheck, look: 'text-good', box: 'bg-good-soft' },
  waiting: { Icon: Clock3, look: 'text-warn', box: 'bg-warn-soft' },
  failed: { Icon: TriangleAlert, look: 'text-bad', box: 'bg-bad-soft' },
  different: { Icon: GitCompareArrows, look: 'text-odd', box: 'bg-odd-soft' },
  off: { Icon: CloudOff, look: 'text-ink-soft', box: 'bg-sunken' },
  arrived: { Icon: DoorOpen, look: 'text-accent', box: 'bg-accent-soft' },
  completed: { Icon: CircleCheck, look: 'text-good', box: 'bg-good-soft' },
  cancelled: { Icon: CircleX, look: 'text-ink-soft', box: 'bg-sunken' },
  no_show: { Icon: UserX, look: 'text-bad', box: 'bg-bad-soft' },
} satisfies Record<string, { Icon: LucideIcon; look: string; box: string }>;

/** What a mark can say. */
export type MarkKind = keyof typeof marks;

/**
 * A state as an icon with its word. `compact` shows the icon alone and keeps the words for hovering and for screen readers;
 * colour never carries the meaning by itself. `shortOnPhone` leaves the word out where the line is short.
 */
export function StatusMark(props: {
  kind: MarkKind;
  word: string;
  sentence: string;
  compact?: boolean;
  shortOnPhone?: boolean;
}) {
  const { kind, word, sentence, compact = false, shortOnPhone = false } = props;
  const { Icon, look, box } = marks[kind];
  if (compact) {
    return (
      <span title={sentence} className={classNames('inline-flex shrink-0', look)} data-state={kind}>
        <Icon aria-hidden className="size-3.5" />
        <span className="sr-only">{sentence}</span>
      </span>
    );
  }
  return (
    <span
      title={sentence}
      data-state={kind}
      className={classNames(
        'inline-flex shrink-0 items-center gap-1.5 rounded-full px-2 py-0.5 text-xs font-medium',
        look,
        box,
      )}
    >
      <Icon aria-hidden className="size-3.5" />
      <span aria-hidden className={shortOnPhone ? 'hidden sm:inline' : undefined}>
        {word}
      </span>
      <span className="sr-only">{sentence}</span>
    </span>
  );
}
