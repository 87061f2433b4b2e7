import type { Availability } from '@daybook/http-contract/availability';

/**
 * Whether there is open time to come and none of it is free for as long as an appointment usually takes. False while the hours of
 * anybody have not been read.
 * @param now epoch milliseconds
 */
export function isFullyBooked(hours: readonly (Availability | undefined)[], now: number, minutes: number): boolean {
  const fits = ({ start, end }: { start: string; end: string }) =>
    Date.parse(end) - Math.max(now, Date.parse(start)) >= minutes * 60_000;
  const read = hours.filter((one) => one !== undefined);
  return (
    read.length === hours.length &&
    read.some(({ open }) => open.some(fits)) &&
    !read.some(({ free }) => free.some(fits))
  );
}
