import type { guide as english } from '../en/guide.ts';
import type { Words } from '../words.ts';

/** The first-run guide, in French. */
export const guide: Words<typeof english> = {
  guide: {
    title: 'Installer Daybook',
    lead: 'Quatre étapes. Chacune peut être sautée, et vous pouvez revenir à tout moment.',
    progress: '{{done}} sur {{count}} faites',
    skip: 'Sauter',
    again: 'Revoir',
    done: 'Fait',
    next: 'Étape suivante',
    finished: 'Daybook est prêt',
    finishedHint: 'Tout peut être changé plus tard, chaque chose à sa place.',
    toToday: 'Aller à Aujourd’hui',
    resume: 'Installation : {{done}} étapes sur {{count}} faites.',
    goOn: 'Continuer',
    putAway: 'Ranger le guide',
    steps: {
      hours: {
        title: 'Quand êtes-vous ouvert ?',
        why: 'Les heures ne sont proposées que pendant vos horaires d’ouverture.',
        have: 'Vous avez des horaires d’ouverture.',
        change: 'Voir les horaires',
      },
      type: {
        title: 'Que peut-on réserver ?',
        why: 'Une durée suffit. Pauses, délai et couleur peuvent attendre.',
        change: 'Tous les types',
      },
      calcom: {
        title: 'Utilisez-vous Cal.com ?',
        why: 'Alors Daybook le tient à jour. Sinon, sautez cette étape.',
        have: 'Cal.com est connecté, ou sur le point de l’être.',
        change: 'Voir Cal.com',
      },
      booking: {
        title: 'Prendre le premier rendez-vous',
        why: 'Un nom et une heure suffisent.',
        have: 'Il y a déjà des rendez-vous.',
      },
    },
  },
};
