import type { availability as english } from '../en/availability.ts';
import type { Words } from '../words.ts';

/** Opening hours, in German. */
export const availability: Words<typeof english> = {
  hours: {
    closed: 'Geschlossen',
    from: '{{day}} von',
    to: '{{day}} bis',
    add: 'Zeiten am {{day}} hinzufügen',
    remove: 'Diese Zeiten am {{day}} entfernen',
    copy: 'Kopieren',
    copyHint: 'Die Zeiten vom {{day}} auf Montag bis Freitag kopieren',
    endFirst: 'Das Ende muss nach dem Anfang liegen. 23:59 heißt Ende des Tages.',
    overlap: 'Diese Zeiten überschneiden sich mit den vorigen.',
  },
  availability: {
    title: 'Öffnungszeiten',
    lead: 'Innerhalb dieser Zeiten werden Termine angeboten. Bereits gebuchte bleiben, wie sie sind.',
    saved: 'Zeiten gespeichert',
    invalid:
      'Manche Zeiten überschneiden sich oder enden vor dem Anfang. Berichtigen Sie sie und speichern Sie erneut.',
    changedElsewhere: 'Die Zeiten wurden anderswo geändert.',
    loadNew: 'Die neuen Zeiten laden',
    outside_one: '{{count}} Termin liegt außerhalb der neuen Zeiten',
    outside_other: '{{count}} Termine liegen außerhalb der neuen Zeiten',
    outsideHint: 'Sie bleiben gebucht. Öffnen Sie einen, um ihn zu verschieben oder abzusagen.',
  },
};
