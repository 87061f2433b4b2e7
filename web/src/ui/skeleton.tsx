import { classNames } from './class-names.ts';

/** A grey place where something will stand; its size comes from the class. */
export function Skeleton(props: { className?: string }) {
  return <div aria-hidden className={classNames('skeleton', props.className)} />;
}

/** Rows in the layout of a list that is being read. */
export function SkeletonList(props: { rows: number; label: string }) {
  return (
    <div role="status" aria-label={props.label} className="flex flex-col gap-2">
      {Array.from({ length: props.rows }, (_, row) => (
        <Skeleton key={row} className="h-16 w-full" />
      ))}
    </div>
  );
}
