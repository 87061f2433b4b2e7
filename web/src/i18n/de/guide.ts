import type { guide as english } from '../en/guide.ts';
import type { Words } from '../words.ts';

/** The first-run guide, in German. */
export const guide: Words<typeof english> = {
  guide: {
    title: 'Daybook einrichten',
    lead: 'Vier Schritte. Jeder lässt sich auslassen, und Sie können jederzeit zurückkommen.',
    progress: '{{done}} von {{count}} erledigt',
    skip: 'Auslassen',
    again: 'Noch einmal zeigen',
    done: 'Erledigt',
    next: 'Nächster Schritt',
    finished: 'Daybook ist bereit',
    finishedHint: 'Alles lässt sich später ändern, jedes an seinem Ort.',
    toToday: 'Zu Heute',
    resume: 'Einrichtung: {{done}} von {{count}} Schritten erledigt.',
    goOn: 'Weitermachen',
    putAway: 'Anleitung weglegen',
    steps: {
      hours: {
        title: 'Wann haben Sie geöffnet?',
        why: 'Zeiten werden nur innerhalb Ihrer Öffnungszeiten angeboten.',
        have: 'Sie haben Öffnungszeiten.',
        change: 'Zeiten ansehen',
      },
      type: {
        title: 'Was kann gebucht werden?',
        why: 'Eine Dauer genügt. Puffer, Vorlauf und Farbe können warten.',
        change: 'Alle Arten',
      },
      calcom: {
        title: 'Verwenden Sie Cal.com?',
        why: 'Dann hält Daybook es im Gleichstand. Sonst lassen Sie das aus.',
        have: 'Cal.com ist verbunden oder fast so weit.',
        change: 'Cal.com ansehen',
      },
      booking: {
        title: 'Den ersten Termin buchen',
        why: 'Ein Name und eine Zeit genügen.',
        have: 'Es gibt schon Termine.',
      },
    },
  },
};
