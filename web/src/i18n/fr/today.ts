import type { today as english } from '../en/today.ts';
import type { Words } from '../words.ts';

/** The screen Today, and what is said when something is done, in French. */
export const today: Words<typeof english> = {
  today: {
    title: 'Aujourd’hui',
    now: 'En cours',
    next: 'Prochain, {{distance}}',
    details: 'Détails',
    free: 'Libre aujourd’hui',
    bookGap: 'Réserver dans le créneau {{span}}',
    emptyTitle: 'Aucun rendez-vous dans les deux semaines à venir',
    emptyHint: 'Prenez le premier ici, ou cliquez sur une heure libre du calendrier.',
    openCalendar: 'Ouvrir le calendrier',
    line: 'Réservation rapide',
    lineExample: 'anne 30 jeu 15h',
    unmarked: 'Sont-ils venus ?',
    sync: 'Cal.com : tout est à jour',
    syncWaiting: 'Cal.com : {{waiting}} en route',
    syncParked: 'Cal.com : {{parked}} à voir',
  },
  attendance: {
    label: 'Venue de {{name}}',
    expected: 'Attendu',
    arrived: 'Arrivé',
    completed: 'Terminé',
    no_show: 'Absent',
  },
  undo: {
    action: 'Annuler',
    announced: 'Z pour revenir en arrière.',
    doneShort: 'Rétabli',
    done: 'Rétabli : {{title}}',
    failed: 'Impossible de revenir en arrière',
    moved: '{{name}} déplacé à {{span}}',
    lengthChanged: '{{name}} dure maintenant {{minutes}} minutes',
    cancelled: '{{name}} annulé',
    restored: '{{name}} est de nouveau réservé',
    notRestored: '{{name}} reste annulé',
    attendance: {
      expected: '{{name}} est de nouveau attendu',
      arrived: '{{name}} est arrivé',
      completed: '{{name}} : terminé',
      no_show: '{{name}} n’est pas venu',
      refused: 'Rien n’a changé pour {{name}}',
    },
    blocked: '{{span}} bloqué',
    blockChanged: 'Le temps bloqué est maintenant {{span}}',
    freed: '{{span}} libéré',
    notFreed: 'Le temps reste bloqué',
  },
  firstHours: {
    title: 'Quand êtes-vous ouvert ?',
    why: 'Daybook ne propose des heures que pendant vos horaires d’ouverture. Les heures sont celles de {{zone}} ; tout peut être changé plus tard.',
    accept: 'Lundi–vendredi 9–17 h',
    other: 'Fixer d’autres horaires',
  },
};
