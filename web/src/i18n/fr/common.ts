import type { common as english } from '../en/common.ts';
import type { Words } from '../words.ts';

/** Words that every screen uses, in French. */
export const common: Words<typeof english> = {
  common: {
    loading: 'Chargement',
    tryAgain: 'Réessayer',
    cancel: 'Annuler',
    close: 'Fermer',
    save: 'Enregistrer',
    optional: '(facultatif)',
    today: 'Aujourd’hui',
    tomorrow: 'Demain',
    minutes_one: '{{count}} minute',
    minutes_other: '{{count}} minutes',
    minutesShort: '{{count}} min',
    skip: 'Aller au contenu',
    notifications: 'Notifications',
    stale: 'Ce que vous voyez est peut-être ancien.',
  },
  faults: {
    required: 'Veuillez remplir ce champ.',
    email: 'Veuillez saisir une adresse e-mail, par exemple anne@example.org.',
    minutesLeast: 'Au moins 5 minutes.',
    minutesMost: 'Au plus 1440 minutes, soit une journée.',
    day: 'Veuillez choisir un jour.',
    time: 'Veuillez saisir une heure, par exemple 9:30.',
    skippedTime: 'Ce jour-là, le changement d’heure saute cette heure. Veuillez en choisir une autre.',
  },
  status: { scheduled: 'Prévu', completed: 'Terminé', no_show: 'Absent', cancelled: 'Annulé' },
  sync: {
    words: { in_step: 'À jour', waiting: 'En attente', failed: 'Échec', different: 'Différent', off: 'Non transmis' },
    sentences: {
      in_step: 'à jour avec Cal.com',
      waiting: 'en attente de Cal.com',
      failed: 'Cal.com l’a refusé',
      different: 'différent sur Cal.com',
      off: 'non transmis à Cal.com',
    },
  },
  details: {
    reschedule: 'Déplacer',
    call: 'Appeler',
    mail: 'Écrire',
  },
};
