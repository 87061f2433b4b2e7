import type { AppointmentType } from '@daybook/http-contract/practice';
import { Archive, ArchiveRestore, Pencil } from 'lucide-react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { usePractice } from '../../../lib/practice.tsx';
import { describeError } from '../../../lib/problem.ts';
import { formatLength } from '../../../lib/time.ts';
import { announce } from '../../../ui/announcer.tsx';
import { Button } from '../../../ui/button.tsx';
import { Dialog } from '../../../ui/dialog.tsx';
import { Notice } from '../../../ui/notice.tsx';
import { ReadState } from '../../../ui/read-state.tsx';
import { SkeletonList } from '../../../ui/skeleton.tsx';
import { showToast } from '../../../ui/toast.ts';
import { toRequest, useAllTypes, useSaveType } from '../api/types.ts';
import { TypeForm } from './type-form.tsx';

/** What can be booked; each can be changed or archived, and an archived one brought back. */
export function TypeList(props: { adding: boolean; onAdded: () => void }) {
  const { t } = useTranslation();
  const types = useAllTypes();
  const save = useSaveType();
  const [editing, setEditing] = useState<AppointmentType>();
  const [showArchived, setShowArchived] = useState(false);
  const tell = (title: string) => {
    announce(title);
    showToast({ title });
  };
  const setArchived = (type: AppointmentType, archived: boolean) =>
    save.mutate(
      { before: type, body: { ...toRequest(type), archived } },
      {
        onSuccess: ({ name }) => tell(archived ? t('types.archivedDone', { name }) : t('types.broughtBack', { name })),
      },
    );
  const close = () => {
    setEditing(undefined);
    props.onAdded();
  };
  return (
    <div className="flex flex-col gap-4">
      {save.isError && <Notice tone="bad">{describeError(save.error, t)}</Notice>}
      <ReadState query={types} skeleton={<SkeletonList rows={3} label={t('common.loading')} />}>
        {({ items }) => {
          const archived = items.filter((type) => type.archived);
          const row = (type: AppointmentType) => (
            <TypeRow
              key={type.id}
              type={type}
              busy={save.isPending && save.variables.before?.id === type.id}
              onEdit={() => setEditing(type)}
              onArchive={(gone) => setArchived(type, gone)}
            />
          );
          return (
            <>
              <ul className="divide-y divide-line overflow-hidden rounded-xl border border-line bg-card shadow-card">
                {items.filter((type) => !type.archived).map(row)}
              </ul>
              {archived.length > 0 && !showArchived && (
                <Button variant="quiet" className="self-start" onClick={() => setShowArchived(true)}>
                  {t('types.showArchived', { count: archived.length })}
                </Button>
              )}
              {archived.length > 0 && showArchived && (
                <section aria-label={t('types.archived')} className="flex flex-col gap-2">
                  <h2 className="text-sm font-medium text-ink-soft">{t('types.archived')}</h2>
                  <ul className="divide-y divide-line overflow-hidden rounded-xl border border-line bg-card">
                    {archived.map(row)}
                  </ul>
                </section>
              )}
            </>
          );
        }}
      </ReadState>
      {(editing !== undefined || props.adding) && (
        <Dialog
          title={editing === undefined ? t('types.add') : t('types.edit', { name: editing.name })}
          closeLabel={t('common.close')}
          onClose={close}
        >
          <TypeForm
            type={editing}
            onCancel={close}
            onSaved={({ name }) => {
              tell(editing === undefined ? t('types.added', { name }) : t('types.saved', { name }));
              close();
            }}
          />
        </Dialog>
      )}
    </div>
  );
}

function TypeRow(props: {
  type: AppointmentType;
  busy: boolean;
  onEdit: () => void;
  onArchive: (archived: boolean) => void;
}) {
  const { type } = props;
  const { t } = useTranslation();
  const { locale } = usePractice();
  const length = (minutes: number) => formatLength(minutes, locale);
  const facts = [
    type.bufferBeforeMinutes > 0 ? t('types.facts.before', { length: length(type.bufferBeforeMinutes) }) : '',
    type.bufferAfterMinutes > 0 ? t('types.facts.after', { length: length(type.bufferAfterMinutes) }) : '',
    type.minimumNoticeMinutes > 0 ? t('types.facts.notice', { length: length(type.minimumNoticeMinutes) }) : '',
    t('types.facts.horizon', { length: length(type.horizonDays * 1440) }),
  ].filter((fact) => fact !== '');
  return (
    <li className="flex flex-wrap items-center gap-x-4 gap-y-2 px-4 py-3.5">
      <span aria-hidden className="h-10 w-1.5 shrink-0 rounded-full" style={{ background: type.color }} />
      <div className="min-w-0 flex-[1_1_14rem]">
        <p className="flex flex-wrap items-center gap-x-2 font-medium">
          <span className="break-words">{type.name}</span>
          {type.isDefault && (
            <span className="rounded-full bg-accent-soft px-2 py-0.5 text-xs text-accent">{t('types.usual')}</span>
          )}
        </p>
        <p className="text-sm">
          {new Intl.ListFormat(locale, { type: 'disjunction' }).format(type.durationsMinutes.map(length))}
        </p>
        <p className="text-sm text-ink-soft">{facts.join(' · ')}</p>
      </div>
      <div className="flex gap-1">
        {!type.archived && (
          <Button variant="quiet" onClick={props.onEdit} aria-label={t('types.edit', { name: type.name })}>
            <Pencil aria-hidden className="size-4" />
            {t('details.edit')}
          </Button>
        )}
        {!type.isDefault && (
          <Button
            variant="quiet"
            busy={props.busy}
            title={type.archived ? undefined : t('types.archiveHint')}
            onClick={() => props.onArchive(!type.archived)}
          >
            {type.archived ? (
              <ArchiveRestore aria-hidden className="size-4" />
            ) : (
              <Archive aria-hidden className="size-4" />
            )}
            {type.archived ? t('types.bringBack') : t('types.archive')}
            <span className="sr-only"> {type.name}</span>
          </Button>
        )}
      </div>
    </li>
  );
}
