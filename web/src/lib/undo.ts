import i18next from 'i18next';
import { announce } from '../ui/announcer.tsx';
import { showToast } from '../ui/toast.ts';
import { describeError } from './problem.ts';
import { areShortcutsOn } from './shortcut-setting.ts';

/** A change that has been made and can be taken back. */
export type Undoable = {
  /** What was done, such as "Moved Ann Lee to Thursday 4 June 2026, 10:00 – 10:30". */
  title: string;
  description?: string;
  /** Takes it back at the server; what it throws is said in words. */
  undo: () => Promise<unknown>;
};

type Offer = Undoable & { dismiss: () => void };
const offers: Offer[] = [];

/** Says what was done and offers to take it back for ten seconds, by the button or by the key `z`. */
export function offerUndo(undoable: Undoable): void {
  const { t } = i18next;
  const offer: Offer = { ...undoable, dismiss: () => undefined };
  offers.push(offer);
  const forget = () => {
    const place = offers.indexOf(offer);
    if (place >= 0) offers.splice(place, 1);
  };
  announce(areShortcutsOn() ? `${undoable.title}. ${t('undo.announced')}` : undoable.title);
  offer.dismiss = showToast({
    title: undoable.title,
    ...(undoable.description === undefined ? {} : { description: undoable.description }),
    action: { label: t('undo.action'), ...(areShortcutsOn() ? { key: 'Z' } : {}), run: () => void takeBack(offer) },
    onGone: forget,
  });
}

/** Takes the last change back that is still offered. Answers whether there was one. */
export function undoLatest(): boolean {
  const offer = offers.at(-1);
  if (offer !== undefined) void takeBack(offer);
  return offer !== undefined;
}

async function takeBack(offer: Offer): Promise<void> {
  const { t } = i18next;
  const place = offers.indexOf(offer);
  if (place < 0) return;
  offers.splice(place, 1);
  offer.dismiss();
  try {
    await offer.undo();
    announce(t('undo.done', { title: offer.title }));
    showToast({ title: t('undo.doneShort'), description: offer.title });
  } catch (error) {
    const title = t('undo.failed');
    announce(`${title} ${describeError(error, t)}`);
    showToast({ title, description: describeError(error, t), tone: 'error' });
  }
}
