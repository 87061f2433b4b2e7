import type { booking as english } from '../en/booking.ts';
import type { Words } from '../words.ts';

/** Booking and moving, in French. */
export const booking: Words<typeof english> = {
  time: {
    day: 'Jour',
    time: 'Heure',
    placeholder: 'par exemple 9:30',
    freeTimes: 'Heures libres',
    zone: 'Heures de {{zone}}',
    freeCount_zero: 'Aucune heure libre ce jour-là',
    freeCount_one: '{{count}} heure libre, à {{first}}',
    freeCount_other: '{{count}} heures libres, la première à {{first}}',
  },
  booking: {
    title: 'Nouveau rendez-vous',
    customer: 'Client',
    customerHint: 'Deux lettres suffisent pour retrouver une personne connue.',
    knownCustomers: 'Clients connus',
    noContact: 'Ni e-mail ni téléphone',
    recalled_one: '{{count}} client connu. Utilisez les flèches.',
    recalled_other: '{{count}} clients connus. Utilisez les flèches.',
    email: 'E-mail',
    phone: 'Téléphone',
    type: 'Type',
    provider: 'Avec',
    length: 'Durée en minutes',
    offeredLengths: 'Durées habituelles',
    notes: 'Notes',
    submit: 'Réserver',
    override: 'Réserver quand même',
    done: 'Rendez-vous pris pour {{name}}',
  },
  refusal: {
    takenTitle: 'Cette heure est prise',
    taken: 'Un autre rendez-vous s’y trouve.',
    takenBy: {
      appointment: '{{label}} a {{span}}.',
      appointment_unnamed: 'Il y a un rendez-vous {{span}}.',
      block: '{{span}} est bloqué : {{label}}.',
      block_unnamed: '{{span}} est bloqué.',
      hold: 'Quelqu’un est en train de réserver {{span}}.',
      hold_unnamed: 'Quelqu’un est en train de réserver {{span}}.',
    },
    nearest: 'Libre au plus près :',
    noneNear: 'Rien de libre à proximité. Choisissez un autre jour.',
    overrideHint: 'Les règles valent pour vos clients. Vous pouvez passer outre ; l’historique le note.',
  },
  reschedule: {
    title: 'Déplacer {{name}}',
    now: 'Actuellement {{span}}',
    reason: 'Motif',
    submit: 'Déplacer',
    override: 'Déplacer quand même',
  },
};
