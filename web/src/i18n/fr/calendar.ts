import type { calendar as english } from '../en/calendar.ts';
import type { Words } from '../words.ts';

/** The calendar and blocked time, in French. */
export const calendar: Words<typeof english> = {
  calendar: {
    title: 'Calendrier',
    today: 'Aujourd’hui',
    view: 'Vue',
    views: { day: 'Jour', week: 'Semaine', month: 'Mois', agenda: 'Liste' },
    previous: {
      day: 'Jour précédent',
      week: 'Semaine précédente',
      month: 'Mois précédent',
      agenda: 'Semaine précédente',
    },
    next: { day: 'Jour suivant', week: 'Semaine suivante', month: 'Mois suivant', agenda: 'Semaine suivante' },
    blocked: 'Bloqué',
    emptyWeek: 'Aucun rendez-vous cette semaine',
    more: '{{count}} de plus',
    loading: 'chargement…',
    noHours: 'Pas encore d’horaires d’ouverture : toute la semaine est fermée.',
    moved: '{{name}} déplacé à {{span}}',
    moveRefused: '{{name}} reste à sa place',
    lengthChanged: '{{name}} dure maintenant {{count}} minutes',
    block: 'Bloquer du temps',
  },
  block: {
    title: 'Bloquer du temps',
    open: 'Temps bloqué',
    name: 'Pour quoi',
    nameHint: 'Vous seul le voyez.',
    from: 'De',
    to: 'À',
    endFirst: 'La fin doit être après le début.',
    submit: 'Bloquer',
    done: '{{span}} bloqué',
    free: 'Libérer ce temps',
    freed: 'Ce temps est de nouveau libre',
  },
};
