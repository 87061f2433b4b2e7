import { useTranslation } from 'react-i18next';
import { setShortcutsOn, useShortcutsOn } from '../../../lib/shortcut-setting.ts';
import { Button } from '../../../ui/button.tsx';
import { Dialog } from '../../../ui/dialog.tsx';
import { Kbd } from '../../../ui/kbd.tsx';

/** A line of the sheet: what happens, and the keys that make it happen. */
export type SheetLine = { name: string; keys: readonly string[] };

/** Every key of the app, and the switch for the single ones. */
export function ShortcutSheet(props: {
  groups: readonly { title: string; lines: readonly SheetLine[] }[];
  onClose: () => void;
}) {
  const { t } = useTranslation();
  const on = useShortcutsOn();
  return (
    <Dialog title={t('sheet.title')} closeLabel={t('common.close')} wide onClose={props.onClose}>
      <div className="flex flex-col gap-5">
        <div className="flex flex-wrap items-center justify-between gap-2 rounded-lg bg-sunken px-4 py-2.5 text-sm">
          <p role="status">{t(on ? 'sheet.on' : 'sheet.off')}</p>
          <Button onClick={() => setShortcutsOn(!on)}>{t(on ? 'sheet.switchOff' : 'sheet.switchOn')}</Button>
        </div>
        <div className="gap-8 md:columns-2">
          {props.groups.map((group) => (
            <section key={group.title} className="mb-5 break-inside-avoid">
              <h3 className="mb-1 text-sm font-medium text-ink-soft">{group.title}</h3>
              <dl>
                {group.lines.map((line) => (
                  <div key={line.name} className="flex items-center justify-between gap-3 border-b border-line py-1.5">
                    <dt className="text-sm">{line.name}</dt>
                    <dd className="flex shrink-0 gap-1">
                      {line.keys.map((key) => (
                        <span key={key}>
                          <Kbd>{key}</Kbd>
                          <span className="sr-only">{key}</span>
                        </span>
                      ))}
                    </dd>
                  </div>
                ))}
              </dl>
            </section>
          ))}
        </div>
      </div>
    </Dialog>
  );
}
