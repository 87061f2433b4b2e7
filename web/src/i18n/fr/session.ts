import type { session as english } from '../en/session.ts';
import type { Words } from '../words.ts';

/** Signing in, in French. */
export const session: Words<typeof english> = {
  signIn: {
    title: 'Connexion',
    lead: 'L’agenda de rendez-vous de votre cabinet.',
    username: 'Nom d’utilisateur',
    password: 'Mot de passe',
    submit: 'Se connecter',
    tooMany_one: 'Trop d’essais. Attendez une minute et réessayez.',
    tooMany_other: 'Trop d’essais. Attendez {{count}} minutes et réessayez.',
  },
};
