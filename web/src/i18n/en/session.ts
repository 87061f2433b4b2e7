/** Signing in, in English. */
export const session = {
  signIn: {
    title: 'Sign in',
    lead: 'The appointment book of your practice.',
    username: 'Username',
    password: 'Password',
    submit: 'Sign in',
    tooMany_one: 'Too many attempts. Wait a minute and try again.',
    tooMany_other: 'Too many attempts. Wait {{count}} minutes and try again.',
  },
};
