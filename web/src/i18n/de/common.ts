import type { common as english } from '../en/common.ts';
import type { Words } from '../words.ts';

/** Words that every screen uses, in German. */
export const common: Words<typeof english> = {
  common: {
    loading: 'Wird geladen',
    tryAgain: 'Erneut versuchen',
    cancel: 'Abbrechen',
    close: 'Schließen',
    save: 'Speichern',
    optional: '(freiwillig)',
    today: 'Heute',
    tomorrow: 'Morgen',
    minutes_one: '{{count}} Minute',
    minutes_other: '{{count}} Minuten',
    minutesShort: '{{count}} Min.',
    skip: 'Zum Inhalt springen',
    notifications: 'Meldungen',
    stale: 'Was Sie sehen, ist vielleicht veraltet.',
  },
  faults: {
    required: 'Bitte ausfüllen.',
    email: 'Bitte eine E-Mail-Adresse angeben, zum Beispiel anna@example.org.',
    minutesLeast: 'Mindestens 5 Minuten.',
    minutesMost: 'Höchstens 1440 Minuten, also ein Tag.',
    day: 'Bitte einen Tag wählen.',
    time: 'Bitte eine Uhrzeit angeben, zum Beispiel 9:30.',
    skippedTime: 'Diese Uhrzeit gibt es an dem Tag wegen der Zeitumstellung nicht. Bitte eine andere wählen.',
  },
  status: { scheduled: 'Geplant', completed: 'Erledigt', no_show: 'Nicht erschienen', cancelled: 'Abgesagt' },
  sync: {
    words: { in_step: 'Im Gleichstand', waiting: 'Wartet', failed: 'Fehler', different: 'Abweichend', off: 'Aus' },
    sentences: {
      in_step: 'im Gleichstand mit Cal.com',
      waiting: 'wartet auf Cal.com',
      failed: 'von Cal.com abgelehnt',
      different: 'weicht von Cal.com ab',
      off: 'wird nicht an Cal.com gesendet',
    },
  },
  details: {
    reschedule: 'Verschieben',
    call: 'Anrufen',
    mail: 'Schreiben',
  },
};
