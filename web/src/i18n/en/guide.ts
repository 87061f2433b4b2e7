/** The first-run guide, in English. */
export const guide = { guide: { title: 'Set up Daybook' } };
