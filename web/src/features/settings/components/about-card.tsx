import type { Practice } from '@daybook/http-contract/practice';
import { useTranslation } from 'react-i18next';
import { readConfig } from '../../../lib/config.ts';
import { usePractice } from '../../../lib/practice.tsx';
import { formatMoment } from '../../../lib/time.ts';
import { Card } from '../../../ui/card.tsx';

/** Which version runs, where its source and its licences are, and when a backup was last proven to be one. */
export function AboutCard(props: { practice: Practice | undefined }) {
  const { t } = useTranslation();
  const { timeZone, locale } = usePractice();
  const { version, sourceUrl, license, licensesUrl } = readConfig();
  const link = 'flex min-h-11 items-center underline underline-offset-2 md:min-h-0';
  const restore = props.practice?.lastProvenRestoreAt;
  return (
    <Card title={t('settings.about')} lead={t('nav.version', { version })}>
      {props.practice !== undefined && (
        <div className="text-sm">
          <h3 className="font-medium">{t('settings.restore')}</h3>
          <p className="text-ink-soft">
            {restore === undefined
              ? t('settings.restoreNever')
              : t('settings.restoreAt', { at: formatMoment(restore, timeZone, locale) })}
          </p>
        </div>
      )}
      <div className="flex flex-wrap gap-x-5 gap-y-1 text-sm">
        <a className={link} href={sourceUrl}>
          {t('nav.source')}
        </a>
        <a className={link} href={licensesUrl}>
          {t('settings.licences')}
        </a>
        <span className="flex min-h-11 items-center text-ink-soft md:min-h-0">
          {t('nav.licence', { name: license })}
        </span>
      </div>
    </Card>
  );
}
