import type { availability as english } from '../en/availability.ts';
import type { Words } from '../words.ts';

/** Opening hours, in French. */
export const availability: Words<typeof english> = {
  hours: {
    closed: 'Fermé',
    from: '{{day}}, de',
    to: '{{day}}, à',
    add: 'Ajouter des heures le {{day}}',
    remove: 'Retirer ces heures du {{day}}',
    copy: 'Copier',
    copyHint: 'Copier les heures du {{day}} du lundi au vendredi',
    endFirst: 'La fin doit être après le début. 23:59 désigne la fin de la journée.',
    overlap: 'Ces heures chevauchent les précédentes.',
  },
  availability: {
    title: 'Horaires d’ouverture',
    lead: 'Les heures sont proposées dans ces horaires. Les rendez-vous déjà pris restent comme ils sont.',
    saved: 'Horaires enregistrés',
    invalid: 'Certaines heures se chevauchent ou finissent avant de commencer. Corrigez-les et enregistrez à nouveau.',
    changedElsewhere: 'Les horaires ont été modifiés ailleurs.',
    loadNew: 'Charger les nouveaux horaires',
    outside_one: '{{count}} rendez-vous est hors des nouveaux horaires',
    outside_other: '{{count}} rendez-vous sont hors des nouveaux horaires',
    outsideHint: 'Ils restent pris. Ouvrez-en un pour le déplacer ou l’annuler.',
  },
};
