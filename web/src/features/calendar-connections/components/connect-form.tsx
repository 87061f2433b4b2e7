import '../../../lib/schema-setup.ts';
import type {
  CalendarConnection,
  ConnectionTest,
  SaveConnectionRequest,
} from '@daybook/http-contract/calendar-connections';
import { saveConnectionRequest } from '@daybook/http-contract/calendar-connections';
import { useRef, useState } from 'react';
import type { FormEvent } from 'react';
import { useTranslation } from 'react-i18next';
import { checkBody, noFaults } from '../../../lib/faults.ts';
import type { Faults } from '../../../lib/faults.ts';
import { describeError, faultsByPointer, isProblem } from '../../../lib/problem.ts';
import { Button } from '../../../ui/button.tsx';
import { RadioCards } from '../../../ui/choices.tsx';
import { focusFirstFault, TextField } from '../../../ui/field.tsx';
import { Notice } from '../../../ui/notice.tsx';
import { useSaveConnection, useTestConnection } from '../api/connection.ts';
import { TestSteps } from './test-steps.tsx';

const hostedApi = 'https://api.cal.com/v2';

/** Address, key and what customers' addresses become; tried first, then kept. Of a known connection the key may stay empty. */
export function ConnectForm(props: {
  connection: CalendarConnection | undefined;
  onSaved: (connection: CalendarConnection) => void;
  onCancel?: () => void;
}) {
  const { t } = useTranslation();
  const form = useRef<HTMLFormElement>(null);
  const { connection } = props;
  const known = connection?.id !== undefined && connection.baseUrl !== undefined;
  const [baseUrl, setBaseUrl] = useState(connection?.baseUrl ?? hostedApi);
  const [apiKey, setApiKey] = useState('');
  const [addresses, setAddresses] = useState(connection?.attendeeAddresses ?? 'placeholder');
  const [domain, setDomain] = useState(connection?.placeholderDomain ?? '');
  const [faults, setFaults] = useState<Faults>(noFaults);
  const test = useTestConnection();
  const save = useSaveConnection();
  // Another address is another place: its key must be given anew, and the server insists on it too.
  const mayKeepKey = known && baseUrl.trim() === connection.baseUrl;

  const read = (): SaveConnectionRequest | undefined => {
    const body: SaveConnectionRequest = {
      baseUrl: baseUrl.trim(),
      attendeeAddresses: addresses,
      ...(apiKey.trim() === '' ? {} : { apiKey: apiKey.trim() }),
      ...(addresses === 'placeholder' && domain.trim() !== '' ? { placeholderDomain: domain.trim() } : {}),
    };
    const checked = checkBody(saveConnectionRequest, body, t);
    const found = new Map(checked.faults ?? []);
    if (body.apiKey === undefined && !mayKeepKey) found.set('/apiKey', t('faults.required'));
    setFaults(found);
    if (found.size === 0) return body;
    focusFirstFault(form.current);
    return undefined;
  };
  const tryIt = () => {
    const body = read();
    if (body === undefined) return;
    save.reset();
    const { baseUrl: address, apiKey: key } = body;
    test.mutate(
      { baseUrl: address, ...(key === undefined ? {} : { apiKey: key }) },
      { onError: (error) => setFaults(faultsByPointer(error)) },
    );
  };
  const submit = (event: FormEvent) => {
    event.preventDefault();
    const body = save.isPending ? undefined : read();
    if (body === undefined) return;
    // Not by the callbacks of mutate: a saved connection changes the screen around this form, which may be gone by then.
    save.mutateAsync(body).then(props.onSaved, (error: unknown) => setFaults(faultsByPointer(error)));
  };
  const found = stepsOf(save.error) ?? test.data;
  const error = save.error ?? test.error;

  return (
    <form ref={form} noValidate onSubmit={submit} aria-label={t('connect.title')} className="flex flex-col gap-5">
      <TextField
        label={t('connect.address')}
        hint={t('connect.addressHint')}
        type="url"
        inputMode="url"
        autoComplete="off"
        spellCheck={false}
        value={baseUrl}
        error={faults.get('/baseUrl')}
        onChange={(event) => setBaseUrl(event.target.value)}
      />
      <TextField
        label={t('connect.key')}
        hint={mayKeepKey ? t('connect.keepKey') : t('connect.keyHint')}
        type="password"
        autoComplete="off"
        spellCheck={false}
        value={apiKey}
        error={faults.get('/apiKey')}
        onChange={(event) => setApiKey(event.target.value)}
      />
      <RadioCards
        legend={t('connect.addresses')}
        value={addresses}
        onChange={setAddresses}
        options={[
          { value: 'placeholder', label: t('connect.placeholder'), hint: t('connect.placeholderHint') },
          { value: 'real', label: t('connect.real'), hint: t('connect.realHint') },
        ]}
      />
      {addresses === 'placeholder' && (
        <TextField
          label={t('connect.domain')}
          optional={t('common.optional')}
          hint={t('connect.domainHint')}
          placeholder="example.invalid"
          autoComplete="off"
          spellCheck={false}
          value={domain}
          error={faults.get('/placeholderDomain')}
          onChange={(event) => setDomain(event.target.value)}
        />
      )}
      <div aria-live="polite" className="flex flex-col gap-3 empty:hidden">
        {error !== null && !isProblem(error, 'CONNECTION_TEST_FAILED') && faults.size === 0 && (
          <Notice tone="bad">{describeError(error, t)}</Notice>
        )}
        {found !== undefined && <TestSteps test={found} />}
      </div>
      <div className="flex flex-wrap justify-end gap-2">
        {props.onCancel !== undefined && (
          <Button variant="quiet" onClick={props.onCancel}>
            {t('common.cancel')}
          </Button>
        )}
        <Button busy={test.isPending} onClick={tryIt}>
          {t('connect.test')}
        </Button>
        <Button type="submit" variant="primary" busy={save.isPending}>
          {t('connect.save')}
        </Button>
      </div>
    </form>
  );
}

/** What a refused save found on the way. */
function stepsOf(error: unknown): Pick<ConnectionTest, 'passed' | 'steps'> | undefined {
  if (!isProblem(error, 'CONNECTION_TEST_FAILED')) return undefined;
  return { passed: false, steps: (error.problem.steps ?? []) as ConnectionTest['steps'] };
}
