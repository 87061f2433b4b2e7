import type { session as english } from '../en/session.ts';
import type { Words } from '../words.ts';

/** Signing in, in German. */
export const session: Words<typeof english> = {
  signIn: {
    title: 'Anmelden',
    lead: 'Das Terminbuch Ihrer Praxis.',
    username: 'Benutzername',
    password: 'Passwort',
    submit: 'Anmelden',
    tooMany_one: 'Zu viele Versuche. Warten Sie eine Minute und versuchen Sie es erneut.',
    tooMany_other: 'Zu viele Versuche. Warten Sie {{count}} Minuten und versuchen Sie es erneut.',
  },
};
