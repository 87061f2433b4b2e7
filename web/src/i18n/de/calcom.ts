import type { calcom as english } from '../en/calcom.ts';
import type { Words } from '../words.ts';

/** The screen about Cal.com, in German. */
export const calcom: Words<typeof english> = {
  connection: {
    title: 'Cal.com',
    lead: 'Jede Änderung geht binnen Sekunden an Cal.com. Daybook funktioniert auch ohne.',
    states: {
      connected: 'Verbunden',
      unreachable: 'Cal.com ist nicht erreichbar',
      needs_attention: 'Cal.com braucht Ihre Aufmerksamkeit',
      off: 'Nicht verbunden',
      paused: 'Bereit, aber nicht gestartet',
    },
    meanings: {
      connected: 'Cal.com nimmt die Änderungen an.',
      unreachable: 'Änderungen warten hier und gehen von selbst hinaus, sobald Cal.com antwortet.',
      needs_attention: 'Cal.com lehnt die Verbindung ab. Prüfen Sie den API-Schlüssel.',
      off: 'Termine werden nicht an Cal.com gesendet.',
      paused: 'Nichts wird gesendet, bis Sie starten.',
    },
    account: 'Konto: {{name}}',
    pending: 'Wartet',
    parked: 'Zu prüfen',
    oldest: 'Längste Wartezeit',
    seconds: '{{count}} s',
    lastSuccess: 'Letzter Erfolg',
    never: 'nie',
    nothingWaits: 'Alles im Gleichstand',
    nothingWaitsHint: 'Cal.com hat alle Änderungen.',
    work_one: '{{count}} Eintrag ist nicht im Gleichstand',
    work_other: '{{count}} Einträge sind nicht im Gleichstand',
    retryAll: 'Alle erneut versuchen',
    retried_one: '{{count}} wird erneut gesendet',
    retried_other: '{{count}} werden erneut gesendet',
    hours: 'Öffnungszeiten',
    openAppointment: 'Termin öffnen',
    attempts_one: '{{count}} Versuch',
    attempts_other: '{{count}} Versuche',
    nextAttempt: 'nächster Versuch {{at}}',
  },
};
