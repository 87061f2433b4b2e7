import type { settings as english } from '../en/settings.ts';
import type { Words } from '../words.ts';

/** The settings, in French. */
export const settings: Words<typeof english> = { settings: { title: 'Réglages' } };
