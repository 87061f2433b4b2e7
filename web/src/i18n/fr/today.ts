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
    restEmpty: 'Rien d’autre dans les deux semaines à venir.',
    upcoming: 'À venir',
    openCalendar: 'Ouvrir le calendrier',
  },
  firstHours: {
    title: 'Quand êtes-vous ouvert ?',
    why: 'Daybook ne propose des heures que pendant vos horaires d’ouverture. Les heures sont celles de {{zone}} ; tout peut être changé plus tard.',
    accept: 'Lundi–vendredi 9–17 h',
    other: 'Fixer d’autres horaires',
  },
};
