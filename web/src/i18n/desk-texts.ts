import { enDesk } from './en-desk.ts';
import { addTexts } from './setup.ts';

// Imported by every screen and panel that is loaded on intent, so its texts come with it.
addTexts('app', enDesk);
