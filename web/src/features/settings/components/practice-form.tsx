import '../../../lib/schema-setup.ts';
import type { Practice } from '@daybook/http-contract/practice';
import { practiceRequest } from '@daybook/http-contract/practice';
import { useMemo, useRef, useState } from 'react';
import type { FormEvent, ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { isLanguage, languages } from '../../../i18n/setup.ts';
import { noFaults, translateFault } from '../../../lib/faults.ts';
import type { Faults } from '../../../lib/faults.ts';
import { usePractice } from '../../../lib/practice.tsx';
import { describeError, faultsByPointer, isProblem } from '../../../lib/problem.ts';
import { formatWallTime } from '../../../lib/time.ts';
import { Button } from '../../../ui/button.tsx';
import { Card } from '../../../ui/card.tsx';
import { focusFirstFault, TextField } from '../../../ui/field.tsx';
import { Notice } from '../../../ui/notice.tsx';
import { SelectField } from '../../../ui/select-field.tsx';

/** What this form changes of the practice. */
export type PracticeParticulars = {
  name: string;
  country: string | undefined;
  language: 'en' | 'fr' | 'de' | undefined;
  hourCycle: 12 | 24 | undefined;
  weekStart: number | undefined;
  secondTimeZone: string | undefined;
};

/** Name, country, language, and how times are written. Empty means: as the reader's browser has it. */
export function PracticeForm(props: {
  practice: Practice;
  busy: boolean;
  error: unknown;
  onSave: (particulars: PracticeParticulars) => void;
  onReload: () => void;
  /** The way to where the zone is set. */
  zoneLink: ReactNode;
}) {
  const { t } = useTranslation();
  const { timeZone, locale } = usePractice();
  const { practice, error } = props;
  const form = useRef<HTMLFormElement>(null);
  const [name, setName] = useState(practice.name);
  const [country, setCountry] = useState(practice.country ?? '');
  const [language, setLanguage] = useState(practice.language ?? '');
  const [hourCycle, setHourCycle] = useState(practice.hourCycle === undefined ? '' : String(practice.hourCycle));
  const [weekStart, setWeekStart] = useState(practice.weekStart === undefined ? '' : String(practice.weekStart));
  const [secondZone, setSecondZone] = useState(practice.secondTimeZone ?? '');
  const [found, setFound] = useState<Faults>(noFaults);
  const refused = faultsByPointer(error);
  const countries = useMemo(() => listCountries(locale), [locale]);
  const zones = useMemo(
    () => Intl.supportedValuesOf('timeZone').map((value) => ({ value, label: value.replaceAll('_', ' ') })),
    [],
  );
  const plain = new Intl.Locale(locale).baseName;
  const byReader = { value: '', label: t('settings.byReader') };

  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (props.busy) return;
    const checked = practiceRequest.shape.name.safeParse(name);
    if (!checked.success) {
      setFound(new Map([['/name', translateFault(checked.error.issues[0]?.message ?? '', t)]]));
      return focusFirstFault(form.current);
    }
    setFound(noFaults);
    props.onSave({
      name: checked.data,
      country: country === '' ? undefined : country,
      language: isLanguage(language) ? language : undefined,
      hourCycle: hourCycle === '12' ? 12 : hourCycle === '24' ? 24 : undefined,
      weekStart: weekStart === '' ? undefined : Number(weekStart),
      secondTimeZone: secondZone === '' ? undefined : secondZone,
    });
  };

  return (
    <form ref={form} noValidate onSubmit={submit} aria-label={t('settings.practice')} className="flex flex-col gap-6">
      {isProblem(error, 'VERSION_CONFLICT') ? (
        <Notice tone="warn">
          <p>{t('settings.changedElsewhere')}</p>
          <Button className="self-start" onClick={props.onReload}>
            {t('settings.loadNew')}
          </Button>
        </Notice>
      ) : (
        error !== null &&
        error !== undefined &&
        refused.size === 0 && <Notice tone="bad">{describeError(error, t)}</Notice>
      )}
      <Card title={t('settings.practice')}>
        <div className="grid gap-4 sm:grid-cols-2">
          <TextField
            label={t('settings.name')}
            value={name}
            maxLength={200}
            autoComplete="organization"
            error={found.get('/name') ?? refused.get('/name')}
            onChange={(event) => setName(event.target.value)}
          />
          <SelectField
            label={t('settings.country')}
            value={country}
            options={[{ value: '', label: t('settings.noCountry') }, ...countries]}
            error={refused.get('/country')}
            onChange={setCountry}
          />
        </div>
      </Card>
      <Card title={t('settings.habits')}>
        <div className="grid gap-4 sm:grid-cols-2">
          <SelectField
            label={t('settings.language')}
            value={language}
            options={[byReader, ...languages.map((value) => ({ value, label: t(`settings.languages.${value}`) }))]}
            onChange={setLanguage}
          />
          <SelectField
            label={t('settings.hours')}
            value={hourCycle}
            options={[
              byReader,
              {
                value: '24',
                label: t('settings.twentyFour', { example: formatWallTime('15:30', `${plain}-u-hc-h23`) }),
              },
              { value: '12', label: t('settings.twelve', { example: formatWallTime('15:30', `${plain}-u-hc-h12`) }) },
            ]}
            onChange={setHourCycle}
          />
          <SelectField
            label={t('settings.weekStart')}
            value={weekStart}
            options={[
              byReader,
              ...[1, 2, 3, 4, 5, 6, 7].map((day) => ({ value: String(day), label: dayName(day, locale) })),
            ]}
            onChange={setWeekStart}
          />
          <SelectField
            label={t('settings.secondZone')}
            value={secondZone}
            options={[{ value: '', label: t('settings.noSecondZone') }, ...zones]}
            error={refused.get('/secondTimeZone')}
            onChange={setSecondZone}
          />
        </div>
        <div className="border-t border-line pt-4 text-sm">
          <h3 className="font-medium">{t('settings.zone')}</h3>
          <p className="text-ink-soft">{t('settings.zoneNow', { zone: timeZone.replaceAll('_', ' ') })}</p>
          {props.zoneLink}
        </div>
      </Card>
      <Button type="submit" variant="primary" className="self-end" busy={props.busy}>
        {t('common.save')}
      </Button>
    </form>
  );
}

/** Monday is 1; 1 January 2024 was one. */
function dayName(day: number, locale: string): string {
  return new Intl.DateTimeFormat(locale, { weekday: 'long', timeZone: 'UTC' }).format(new Date(Date.UTC(2024, 0, day)));
}

/** Every country the browser has a name for, by name. */
function listCountries(locale: string): { value: string; label: string }[] {
  const names = new Intl.DisplayNames(locale, { type: 'region', fallback: 'none' });
  const letters = [...'ABCDEFGHIJKLMNOPQRSTUVWXYZ'];
  return letters
    .flatMap((first) => letters.map((second) => first + second))
    .flatMap((value) => {
      const label = notCountries.has(value) ? undefined : names.of(value);
      return label === undefined ? [] : [{ value, label }];
    })
    .sort((a, b) => a.label.localeCompare(b.label, locale));
}

/** Codes that have a name but are no country: groups, and what tests of browsers use. */
const notCountries: ReadonlySet<string> = new Set(['EU', 'EZ', 'UN', 'QO', 'XA', 'XB', 'ZZ']);
