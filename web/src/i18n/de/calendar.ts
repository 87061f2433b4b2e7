import type { calendar as english } from '../en/calendar.ts';
import type { Words } from '../words.ts';

/** The calendar and blocked time, in German. */
export const calendar: Words<typeof english> = {
  calendar: {
    title: 'Kalender',
    today: 'Heute',
    view: 'Ansicht',
    views: { day: 'Tag', week: 'Woche', month: 'Monat', agenda: 'Liste' },
    previous: { day: 'Voriger Tag', week: 'Vorige Woche', month: 'Voriger Monat', agenda: 'Vorige Woche' },
    next: { day: 'Nächster Tag', week: 'Nächste Woche', month: 'Nächster Monat', agenda: 'Nächste Woche' },
    blocked: 'Gesperrt',
    emptyWeek: 'Keine Termine in dieser Woche',
    more: '{{count}} weitere',
    loading: 'wird geladen …',
    noHours: 'Noch keine Öffnungszeiten: die ganze Woche ist geschlossen.',
    moved: '{{name}} auf {{span}} verschoben',
    moveRefused: '{{name}} bleibt, wo es war',
    lengthChanged: '{{name}} dauert jetzt {{count}} Minuten',
    block: 'Zeit sperren',
  },
  block: {
    title: 'Zeit sperren',
    open: 'Gesperrte Zeit',
    name: 'Wofür',
    nameHint: 'Nur Sie sehen es.',
    from: 'Von',
    to: 'Bis',
    endFirst: 'Das Ende muss nach dem Anfang liegen.',
    submit: 'Sperren',
    done: '{{span}} gesperrt',
    free: 'Zeit freigeben',
    freed: 'Die Zeit ist wieder frei',
  },
};
