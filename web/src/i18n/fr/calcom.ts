import type { calcom as english } from '../en/calcom.ts';
import type { Words } from '../words.ts';

/** The screen about Cal.com, in French. */
export const calcom: Words<typeof english> = {
  connection: {
    title: 'Cal.com',
    lead: 'Chaque changement part vers Cal.com en quelques secondes. Daybook fonctionne aussi sans lui.',
    states: {
      connected: 'Connecté',
      unreachable: 'Cal.com est injoignable',
      needs_attention: 'Cal.com demande votre attention',
      off: 'Non connecté',
      paused: 'Prêt, mais pas démarré',
    },
    meanings: {
      connected: 'Cal.com reçoit les changements.',
      unreachable: 'Les changements attendent ici et partent d’eux-mêmes dès que Cal.com répond.',
      needs_attention: 'Cal.com refuse la connexion. Vérifiez la clé API.',
      off: 'Les rendez-vous ne sont pas transmis à Cal.com.',
      paused: 'Rien n’est transmis tant que vous n’avez pas démarré.',
    },
    account: 'Compte : {{name}}',
    pending: 'En attente',
    parked: 'À examiner',
    oldest: 'Plus longue attente',
    seconds: '{{count}} s',
    lastSuccess: 'Dernier succès',
    never: 'jamais',
    nothingWaits: 'Tout est à jour',
    nothingWaitsHint: 'Cal.com a tous les changements.',
    work_one: '{{count}} élément n’est pas à jour',
    work_other: '{{count}} éléments ne sont pas à jour',
    retryAll: 'Tout réessayer',
    retried_one: '{{count}} est retransmis',
    retried_other: '{{count}} sont retransmis',
    hours: 'Horaires d’ouverture',
    openAppointment: 'Ouvrir le rendez-vous',
    attempts_one: '{{count}} essai',
    attempts_other: '{{count}} essais',
    nextAttempt: 'prochain essai {{at}}',
  },
};
