import type { types as english } from '../en/types.ts';
import type { Words } from '../words.ts';

/** The appointment types, in French. */
export const types: Words<typeof english> = { types: { title: 'Types de rendez-vous' } };
