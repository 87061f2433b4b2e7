import type { shell as english } from '../en/shell.ts';
import type { Words } from '../words.ts';

/** What stands around every screen, and what is said when something goes wrong, in French. */
export const shell: Words<typeof english> = {
  nav: {
    label: 'Navigation principale',
    today: 'Aujourd’hui',
    calendar: 'Calendrier',
    appointments: 'Rendez-vous',
    customers: 'Clients',
    availability: 'Horaires',
    types: 'Types',
    settings: 'Réglages',
    more: 'Plus',
    calcom: 'Cal.com',
    find: 'Trouver et faire',
    book: 'Nouveau rendez-vous',
    bookShort: 'Nouveau',
    account: 'Compte et application',
    signedInAs: 'Connecté en tant que {{name}}',
    signOut: 'Se déconnecter',
    source: 'Code source',
    licence: 'Licence : {{name}}',
    version: 'Version {{version}}',
    theme: 'Apparence',
    themes: { system: 'Système', light: 'Clair', dark: 'Sombre' },
  },
  errors: {
    unreachable: 'Daybook est injoignable. Vérifiez le réseau ; rien de ce que vous avez saisi n’est perdu.',
    unexpected: 'L’application a rencontré un problème. Rechargez la page ; vos rendez-vous sont en sécurité.',
    trace: 'Trace : {{id}}',
    cannotStart: 'Daybook ne peut pas démarrer',
    screenFailed: 'Cet écran a échoué',
    screenFailedHint: 'Le reste de l’application fonctionne, et rien n’est perdu.',
    noProvider:
      'Ce cabinet n’a personne dont le temps puisse être réservé. Demandez à votre opérateur de terminer l’installation.',
  },
  live: {
    offline: 'Hors ligne : vous voyez ce qui était connu à {{at}}. Les changements reprendront avec la connexion.',
    away: 'Pas de connexion en direct : cette page cherche les changements toutes les 15 secondes.',
    back: 'De nouveau en direct',
  },
  notFound: {
    title: 'Il n’y a rien ici',
    hint: 'L’adresse est peut-être mal écrite ou ancienne.',
    home: 'Aller à Aujourd’hui',
  },
  banner: {
    unreachable: 'Cal.com est injoignable.',
    needs_attention: 'Cal.com demande votre attention.',
    bookingGoesOn: 'La prise de rendez-vous continue ; les changements attendent et seront transmis plus tard.',
    look: 'Voir',
  },
};
