import { appointments } from './appointments.ts';
import { availability } from './availability.ts';
import { booking } from './booking.ts';
import { calcom } from './calcom.ts';
import { calendar } from './calendar.ts';
import { commands } from './commands.ts';
import { customers } from './customers.ts';
import { guide } from './guide.ts';
import { problems } from './problems.ts';
import { secondFactor } from './second-factor.ts';
import { settings } from './settings.ts';
import { types } from './types.ts';

export { atoms } from './atoms.ts';

/** The texts of all screens but the first ones, in German. */
export const desk = {
  ...appointments,
  ...availability,
  ...booking,
  ...calcom,
  ...calendar,
  ...commands,
  ...customers,
  ...guide,
  ...problems,
  ...secondFactor,
  ...settings,
  ...types,
};
