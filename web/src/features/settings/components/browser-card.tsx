import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { setShortcutsOn, useShortcutsOn } from '../../../lib/shortcut-setting.ts';
import { Card } from '../../../ui/card.tsx';
import { Checkbox } from '../../../ui/choices.tsx';
import { Segments } from '../../../ui/segments.tsx';
import { applyTheme, readTheme } from '../../../ui/theme.ts';

/** What holds for this browser only, and at once: how the app looks, and whether single keys do something. */
export function BrowserCard() {
  const { t } = useTranslation();
  const [theme, setTheme] = useState(readTheme);
  const shortcuts = useShortcutsOn();
  return (
    <Card title={t('settings.browser')}>
      <div className="flex flex-col items-start gap-1.5">
        <p className="text-sm font-medium">{t('settings.theme')}</p>
        <Segments
          label={t('settings.theme')}
          value={theme}
          options={(['system', 'light', 'dark'] as const).map((value) => ({ value, label: t(`nav.themes.${value}`) }))}
          onChange={(value) => {
            applyTheme(value);
            setTheme(value);
          }}
        />
      </div>
      <Checkbox
        label={t('settings.shortcuts')}
        hint={t('settings.shortcutsHint')}
        checked={shortcuts}
        onChange={(event) => setShortcutsOn(event.target.checked)}
      />
    </Card>
  );
}
