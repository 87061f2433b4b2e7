import type { Customer } from '@daybook/http-contract/practice';
import { useId, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useDebounced } from '../../../lib/use-debounced.ts';
import { classNames } from '../../../ui/class-names.ts';
import { controlClass, Field } from '../../../ui/field.tsx';
import { useCustomerSearch } from '../api/search-customers.ts';

/** The customer's name. Known customers are recalled while typing; arrows choose, Enter takes. */
export function CustomerField(props: {
  value: string;
  error?: string | undefined;
  onType: (name: string) => void;
  onRecall: (customer: Customer) => void;
}) {
  const { t } = useTranslation();
  const listId = useId();
  const [open, setOpen] = useState(false);
  const [active, setActive] = useState(-1);
  const search = useCustomerSearch(useDebounced(props.value, 150));
  const matches = open && props.value.trim().length >= 2 ? (search.data?.items ?? []) : [];
  const shown = matches.length > 0;

  const take = (customer: Customer | undefined) => {
    setOpen(false);
    setActive(-1);
    if (customer !== undefined) props.onRecall(customer);
  };

  return (
    <div className="relative">
      <Field label={t('booking.customer')} error={props.error} hint={t('booking.customerHint')}>
        {(control) => (
          <input
            {...control}
            role="combobox"
            aria-autocomplete="list"
            aria-expanded={shown}
            aria-controls={listId}
            aria-activedescendant={active >= 0 && shown ? `${listId}-${active}` : undefined}
            autoComplete="off"
            autoFocus
            className={controlClass}
            value={props.value}
            onChange={(event) => {
              props.onType(event.target.value);
              setOpen(true);
              setActive(-1);
            }}
            onBlur={() => setOpen(false)}
            onKeyDown={(event) => {
              if (!shown) return;
              if (event.key === 'ArrowDown') setActive((active + 1) % matches.length);
              else if (event.key === 'ArrowUp') setActive((active <= 0 ? matches.length : active) - 1);
              else if (event.key === 'Enter' && active >= 0) take(matches[active]);
              else if (event.key === 'Escape') setOpen(false);
              else return;
              event.preventDefault();
              event.stopPropagation();
            }}
          />
        )}
      </Field>
      <ul
        id={listId}
        role="listbox"
        aria-label={t('booking.knownCustomers')}
        className={classNames(
          'absolute inset-x-0 top-[4.25rem] z-10 overflow-hidden rounded-lg border border-line bg-card shadow-panel',
          !shown && 'hidden',
        )}
      >
        {matches.map((customer, index) => (
          <li
            key={customer.id}
            id={`${listId}-${index}`}
            role="option"
            aria-selected={index === active}
            // Before the field loses the focus and the list closes.
            onMouseDown={(event) => {
              event.preventDefault();
              take(customer);
            }}
            className={classNames('cursor-pointer px-3 py-2 hover:bg-sunken', index === active && 'bg-accent-soft')}
          >
            <p className="truncate font-medium">{customer.name}</p>
            <p className="truncate text-sm text-ink-soft">
              {[customer.email, customer.phone].filter((part) => part !== undefined).join(' · ') ||
                t('booking.noContact')}
            </p>
          </li>
        ))}
      </ul>
      <p className="sr-only" aria-live="polite">
        {shown ? t('booking.recalled', { count: matches.length }) : ''}
      </p>
    </div>
  );
}
