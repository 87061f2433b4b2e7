/** The settings, in English. */
export const settings = { settings: { title: 'Settings' } };
