import type { today as english } from '../en/today.ts';
import type { Words } from '../words.ts';

/** The screen Today, in French. */
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
  firstHours: {
    title: 'Quand êtes-vous ouvert ?',
    why: 'Daybook ne propose des heures que pendant vos horaires d’ouverture. Les heures sont celles de {{zone}} ; tout peut être changé plus tard.',
    accept: 'Lundi–vendredi 9–17 h',
    other: 'Fixer d’autres horaires',
    guide: 'Installer pas à pas',
  },
};
