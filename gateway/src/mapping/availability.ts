import type { z } from 'zod';
import { weekdays } from '@daybook/http-contract/availability';
import type * as contract from '@daybook/http-contract/availability';
import type { Availability__Output } from '@daybook/protos/gen/daybook/scheduling/v1/Availability';
import type { DayWindow } from '@daybook/protos/gen/daybook/scheduling/v1/DayWindow';
import type { Interval__Output } from '@daybook/protos/gen/daybook/scheduling/v1/Interval';
import type { ReplaceAvailabilityRequest } from '@daybook/protos/gen/daybook/scheduling/v1/ReplaceAvailabilityRequest';
import { instantToJson } from './instants.ts';

/** "HH:MM" as minutes after local midnight; "24:00" is 1440. */
export function minutesOfWallTime(text: string): number {
  return Number(text.slice(0, 2)) * 60 + Number(text.slice(3, 5));
}

/** Minutes after local midnight (0-1440) as "HH:MM". */
export function wallTimeOfMinutes(minutes: number): string {
  const hours = Math.floor(minutes / 60);
  return `${String(hours).padStart(2, '0')}:${String(minutes % 60).padStart(2, '0')}`;
}

function weekdayName(isoWeekday: number): contract.Weekday {
  const name = weekdays[isoWeekday - 1];
  if (!name) throw new Error('a weekly window without a weekday');
  return name;
}

function windowToProto(window: { start: string; end: string }): DayWindow {
  return { startMinute: minutesOfWallTime(window.start), endMinute: minutesOfWallTime(window.end) };
}

function windowToJson(window: { startMinute: number; endMinute: number }): { start: string; end: string } {
  return { start: wallTimeOfMinutes(window.startMinute), end: wallTimeOfMinutes(window.endMinute) };
}

/** A stretch of time as the public surface shows it. */
export function mapInterval(interval: Interval__Output): contract.Interval {
  return { start: instantToJson(interval.start), end: instantToJson(interval.end) };
}

/** The rule set as scheduling takes it, for a change and for its preview alike. */
export function rulesToProto(
  body: Pick<z.output<typeof contract.replaceAvailabilityRequest>, 'timeZone' | 'weekly' | 'overrides'>,
): Pick<ReplaceAvailabilityRequest, 'timeZone' | 'weekly' | 'overrides'> {
  return {
    timeZone: body.timeZone,
    weekly: body.weekly.map((window) => ({ weekday: weekdays.indexOf(window.day) + 1, ...windowToProto(window) })),
    overrides: body.overrides.map((entry) => ({
      date: entry.date,
      endDate: entry.endDate ?? entry.date,
      intervals: entry.intervals.map(windowToProto),
    })),
  };
}

/** The rule set with free and open time as the public surface shows it. */
export function mapAvailability(
  rules: Availability__Output,
  free: Interval__Output[],
  open: Interval__Output[],
): contract.Availability {
  return {
    providerId: rules.providerId,
    version: rules.version,
    timeZone: rules.timeZone,
    weekly: rules.weekly.map((window) => ({ day: weekdayName(window.weekday), ...windowToJson(window) })),
    overrides: rules.overrides.map((entry) => ({
      date: entry.date,
      ...(entry.endDate === '' || entry.endDate === entry.date ? {} : { endDate: entry.endDate }),
      intervals: entry.intervals.map(windowToJson),
    })),
    free: free.map(mapInterval),
    open: open.map(mapInterval),
  };
}
