import type { settings as english } from '../en/settings.ts';
import type { Words } from '../words.ts';

/** The settings, in German. */
export const settings: Words<typeof english> = { settings: { title: 'Einstellungen' } };
