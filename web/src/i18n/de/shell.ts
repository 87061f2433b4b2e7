import type { shell as english } from '../en/shell.ts';
import type { Words } from '../words.ts';

/** What stands around every screen, and what is said when something goes wrong, in German. */
export const shell: Words<typeof english> = {
  nav: {
    label: 'Hauptnavigation',
    today: 'Heute',
    calendar: 'Kalender',
    appointments: 'Termine',
    customers: 'Kunden',
    availability: 'Zeiten',
    types: 'Terminarten',
    settings: 'Einstellungen',
    more: 'Mehr',
    calcom: 'Cal.com',
    find: 'Finden und tun',
    book: 'Neuer Termin',
    bookShort: 'Neu',
    account: 'Konto und App',
    signedInAs: 'Angemeldet als {{name}}',
    signOut: 'Abmelden',
    source: 'Quelltext',
    licence: 'Lizenz: {{name}}',
    version: 'Version {{version}}',
    theme: 'Aussehen',
    themes: { system: 'System', light: 'Hell', dark: 'Dunkel' },
  },
  errors: {
    unreachable: 'Daybook ist nicht erreichbar. Prüfen Sie das Netz; von Ihren Eingaben geht nichts verloren.',
    unexpected: 'In der App ist etwas schiefgegangen. Laden Sie die Seite neu; Ihre Termine sind sicher.',
    trace: 'Trace: {{id}}',
    cannotStart: 'Daybook kann nicht starten',
    screenFailed: 'Diese Ansicht ist fehlgeschlagen',
    screenFailedHint: 'Der Rest der App funktioniert, und nichts ist verloren.',
    noProvider:
      'In dieser Praxis gibt es niemanden, dessen Zeit gebucht werden kann. Bitten Sie Ihren Betreiber, die Einrichtung abzuschließen.',
  },
  live: {
    offline: 'Offline: Sie sehen, was um {{at}} bekannt war. Ändern geht wieder, wenn die Verbindung zurück ist.',
    away: 'Keine Live-Verbindung: diese Seite sucht alle 15 Sekunden nach Änderungen.',
    back: 'Wieder live',
  },
  notFound: {
    title: 'Hier ist nichts',
    hint: 'Die Adresse ist vielleicht vertippt oder veraltet.',
    home: 'Zu Heute',
  },
  banner: {
    unreachable: 'Cal.com ist nicht erreichbar.',
    needs_attention: 'Cal.com braucht Ihre Aufmerksamkeit.',
    bookingGoesOn: 'Buchen geht wie gewohnt; die Änderungen warten und werden später gesendet.',
    look: 'Ansehen',
  },
};
