import { common } from './common.ts';
import { session } from './session.ts';
import { shell } from './shell.ts';
import { today } from './today.ts';

/** The texts of the first screens, signing in and Today, and of what stands around every screen, in German. */
export const first = { ...common, ...shell, ...session, ...today };
