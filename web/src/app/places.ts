import { CalendarDays, ListChecks, Sun, Users } from 'lucide-react';

/** The screens within a thumb's reach on a phone. */
export const nearPlaces = [
  { to: '/', key: 'today', Icon: Sun },
  { to: '/calendar', key: 'calendar', Icon: CalendarDays },
  { to: '/appointments', key: 'appointments', Icon: ListChecks },
  { to: '/customers', key: 'customers', Icon: Users },
] as const;

/** The screens one can go to from anywhere, in the order of the header, which shows no icons. */
export const places = [
  ...nearPlaces,
  { to: '/hours', key: 'availability' },
  { to: '/types', key: 'types' },
  { to: '/calcom', key: 'calcom' },
] as const;
