import i18next from 'i18next';
import { enDesk } from './en-desk.ts';

// Imported by every screen and panel that is loaded on intent, so its texts come with it.
i18next.addResourceBundle('en', 'app', enDesk, true);
