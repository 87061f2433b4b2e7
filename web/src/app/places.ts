import { CalendarDays, Clock4, ListChecks, RefreshCw, Sun, Tags, Users } from 'lucide-react';

/** The screens one can go to from anywhere, in the order of the header. */
export const places = [
  { to: '/', key: 'today', Icon: Sun },
  { to: '/calendar', key: 'calendar', Icon: CalendarDays },
  { to: '/appointments', key: 'appointments', Icon: ListChecks },
  { to: '/customers', key: 'customers', Icon: Users },
  { to: '/hours', key: 'availability', Icon: Clock4 },
  { to: '/types', key: 'types', Icon: Tags },
  { to: '/calcom', key: 'calcom', Icon: RefreshCw },
] as const;
