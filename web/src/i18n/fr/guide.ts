import type { guide as english } from '../en/guide.ts';
import type { Words } from '../words.ts';

/** The first-run guide, in French. */
export const guide: Words<typeof english> = { guide: { title: 'Installer Daybook' } };
