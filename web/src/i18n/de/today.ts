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
    openCalendar: 'Kalender öffnen',
    line: 'Schnell buchen',
    lineExample: 'anna 30 do 15 uhr',
    unmarked: 'Sind sie gekommen?',
    sync: 'Cal.com: alles stimmt überein',
    syncWaiting: 'Cal.com: {{waiting}} unterwegs',
    syncParked: 'Cal.com: {{parked}} brauchen Sie',
  },
  attendance: {
    label: 'Wie {{name}} kam',
    expected: 'Erwartet',
    arrived: 'Da',
    completed: 'Erledigt',
    no_show: 'Nicht da',
  },
  firstHours: {
    title: 'Wann haben Sie geöffnet?',
    why: 'Daybook bietet Zeiten nur innerhalb Ihrer Öffnungszeiten an. Die Zeiten gelten in {{zone}}; alles lässt sich später ändern.',
    accept: 'Montag–Freitag 9–17 Uhr',
    other: 'Andere Zeiten festlegen',
    guide: 'Schritt für Schritt einrichten',
  },
};
