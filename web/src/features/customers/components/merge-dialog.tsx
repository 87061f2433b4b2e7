import type { Customer } from '@daybook/http-contract/practice';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { describeError } from '../../../lib/problem.ts';
import { useDebounced } from '../../../lib/use-debounced.ts';
import { announce } from '../../../ui/announcer.tsx';
import { Button } from '../../../ui/button.tsx';
import { RadioCards } from '../../../ui/choices.tsx';
import { Dialog } from '../../../ui/dialog.tsx';
import { TextField } from '../../../ui/field.tsx';
import { Notice } from '../../../ui/notice.tsx';
import { showToast } from '../../../ui/toast.ts';
import { useCustomerSearch, useMergeCustomers } from '../api/customers.ts';

/** Joins another into this customer: the other is found or was proposed, chosen, and named once more before it is done. */
export function MergeDialog(props: {
  customer: Customer;
  proposed: readonly Customer[];
  chosen: string | undefined;
  onClose: () => void;
}) {
  const { t } = useTranslation();
  const { customer, proposed } = props;
  const [typed, setTyped] = useState('');
  const [chosen, setChosen] = useState(props.chosen);
  const q = useDebounced(typed.trim(), 250);
  const search = useCustomerSearch(q);
  const merge = useMergeCustomers();
  const candidates = (q.length >= 2 ? (search.data?.items ?? []) : proposed).filter(({ id }) => id !== customer.id);
  const other = candidates.find(({ id }) => id === chosen);

  return (
    <Dialog
      title={t('merge.title')}
      description={t('merge.lead', { name: customer.name })}
      closeLabel={t('common.close')}
      onClose={props.onClose}
    >
      <form
        className="flex flex-col gap-4"
        aria-label={t('merge.title')}
        onSubmit={(event) => {
          event.preventDefault();
          if (other === undefined || merge.isPending) return;
          merge.mutate(
            { id: customer.id, mergeId: other.id },
            {
              onSuccess: ({ movedAppointments }) => {
                const title = t('merge.done', { other: other.name, name: customer.name });
                const description = t('merge.moved', { count: movedAppointments });
                announce(`${title}. ${description}`);
                showToast({ title, description });
                props.onClose();
              },
            },
          );
        }}
      >
        <TextField
          label={t('merge.search')}
          placeholder={t('customers.searchHint')}
          type="search"
          autoComplete="off"
          value={typed}
          onChange={(event) => setTyped(event.target.value)}
        />
        {candidates.length > 0 ? (
          <RadioCards
            legend={t('merge.choose')}
            value={chosen}
            onChange={setChosen}
            options={candidates.map((candidate) => ({
              value: candidate.id,
              label: candidate.name,
              hint:
                [candidate.email, candidate.phone].filter((part) => part !== undefined).join(' · ') ||
                t('customer.noContact'),
            }))}
          />
        ) : (
          q.length >= 2 && search.isSuccess && <p className="text-ink-soft">{t('merge.none')}</p>
        )}
        {other !== undefined && (
          <Notice tone="warn">{t('merge.question', { other: other.name, name: customer.name })}</Notice>
        )}
        {merge.isError && <Notice tone="bad">{describeError(merge.error, t)}</Notice>}
        <div className="flex flex-wrap justify-end gap-2">
          <Button variant="quiet" onClick={props.onClose}>
            {t('common.cancel')}
          </Button>
          <Button type="submit" variant="danger" busy={merge.isPending} disabled={other === undefined}>
            {t('merge.submit')}
          </Button>
        </div>
      </form>
    </Dialog>
  );
}
