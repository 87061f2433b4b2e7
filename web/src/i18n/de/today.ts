import type { today as english } from '../en/today.ts';
import type { Words } from '../words.ts';

/** The screen Today, in German. */
export const today: Words<typeof english> = {
  today: {
    title: 'Heute',
    now: 'Jetzt',
    next: 'Als Nächstes, {{distance}}',
    details: 'Einzelheiten',
    free: 'Heute frei',
    bookGap: 'In die Lücke {{span}} buchen',
    emptyTitle: 'Keine Termine in den nächsten zwei Wochen',
    emptyHint: 'Buchen Sie hier den ersten oder klicken Sie im Kalender auf eine freie Zeit.',
    restEmpty: 'Sonst nichts in den nächsten zwei Wochen.',
    upcoming: 'Demnächst',
    openCalendar: 'Kalender öffnen',
  },
  firstHours: {
    title: 'Wann haben Sie geöffnet?',
    why: 'Daybook bietet Zeiten nur innerhalb Ihrer Öffnungszeiten an. Die Zeiten gelten in {{zone}}; alles lässt sich später ändern.',
    accept: 'Montag–Freitag 9–17 Uhr',
    other: 'Andere Zeiten festlegen',
  },
};
