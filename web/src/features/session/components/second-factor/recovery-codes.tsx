import { Copy, Download, Printer } from 'lucide-react';
import { useTranslation } from 'react-i18next';
import { announce } from '../../../../ui/announcer.tsx';
import { Button } from '../../../../ui/button.tsx';
import { Notice } from '../../../../ui/notice.tsx';
import { showToast } from '../../../../ui/toast.ts';

/** Recovery codes, seen this once, and the ways to keep them. `onKept` hears that one was used. */
export function RecoveryCodes(props: { codes: readonly string[]; onKept: () => void }) {
  const { t } = useTranslation();
  const text = props.codes.join('\n');
  const copy = () =>
    void navigator.clipboard.writeText(text).then(
      () => {
        props.onKept();
        announce(t('secondFactor.copied'));
        showToast({ title: t('secondFactor.copied') });
      },
      () => showToast({ title: t('secondFactor.notCopied'), tone: 'error' }),
    );
  return (
    <div data-printed className="flex flex-col gap-4">
      <Notice tone="warn" title={t('secondFactor.keepTitle')}>
        <p>{t('secondFactor.keep')}</p>
      </Notice>
      <ol
        aria-label={t('secondFactor.codes')}
        className="grid list-decimal gap-x-8 gap-y-1.5 rounded-lg border border-line bg-sunken py-3 pr-3 pl-9 font-mono text-[0.8125rem] text-ink"
      >
        {props.codes.map((code) => (
          <li key={code} className="select-all">
            {code}
          </li>
        ))}
      </ol>
      <div className="flex flex-wrap gap-2 print:hidden">
        <Button onClick={copy}>
          <Copy aria-hidden className="size-4" />
          {t('secondFactor.copy')}
        </Button>
        <Button
          onClick={() => {
            saveFile(`${t('secondFactor.fileHead')}\n\n${text}\n`);
            props.onKept();
          }}
        >
          <Download aria-hidden className="size-4" />
          {t('secondFactor.download')}
        </Button>
        <Button
          onClick={() => {
            window.print();
            props.onKept();
          }}
        >
          <Printer aria-hidden className="size-4" />
          {t('secondFactor.print')}
        </Button>
      </div>
    </div>
  );
}

function saveFile(text: string): void {
  const address = URL.createObjectURL(new Blob([text], { type: 'text/plain' }));
  const link = document.createElement('a');
  link.href = address;
  link.download = 'daybook-recovery-codes.txt';
  link.click();
  URL.revokeObjectURL(address);
}
