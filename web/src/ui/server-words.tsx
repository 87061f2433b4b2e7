import { useTranslation } from 'react-i18next';
import { classNames } from './class-names.ts';

/**
 * What a server said in its own words, which are English: marked as such, so that a reader's voice pronounces them rightly where the
 * app speaks another language.
 */
export function ServerWords(props: { words: string; className?: string }) {
  const { i18n } = useTranslation();
  return (
    <span {...(i18n.language === 'en' ? {} : { lang: 'en' })} className={classNames('break-words', props.className)}>
      {props.words}
    </span>
  );
}
