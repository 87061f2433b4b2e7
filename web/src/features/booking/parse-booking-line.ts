import type { DateReader, DateWords } from '../../lib/date-words.ts';

/** What a line such as "ann 30 thu 3pm" says; what it does not say is undefined. */
export type BookingLine = {
  name: string;
  minutes: number | undefined;
  /** YYYY-MM-DD. */
  day: string | undefined;
  /** HH:MM. */
  time: string | undefined;
  /** The type whose name was in the line. */
  typeId: string | undefined;
};

const longest = 1440;
const shortest = 5;

/** Words that only join the parts. */
const joints = /(?:^|\s)(?:at|on|for|with|um|am|für|à|le|pour|,|\|)(?=\s|$)/giu;

const lengthWithUnit =
  /(?:^|\s)(\d{1,3}(?:[.,]5)?)\s*(h|hrs?|hours?|std|stunden?|heures?|min|mins|minutes?|minuten?|m|')(?:\s*(\d{2}))?(?=\s|$)/iu;
/** A length that the date library would take for a time from now, unless "in" stands before it. */
const plainLength = /(?<!\b(?:in|dans|en)\s)(?<=^|\s)(\d{1,3})\s*(?:min|mins|minutes?|minuten|')(?=\s|$)/iu;
const bareNumber = /(?:^|\s)(\d{1,4})(?=\s|$)/u;

/**
 * Reads who, how long and when out of a line, in any order. A number beside the date is the length in minutes; when no time was said, a
 * small number right after the day is the hour, in the afternoon up to six.
 */
export function parseBookingLine(
  text: string,
  types: readonly { id: string; name: string }[],
  read: DateReader,
  now: number,
  zone: string,
): BookingLine {
  const { words, said } = readApart(text, (part) => read(part, now, zone));
  let { rest, time } = words;
  const minutes = said ?? takeLength((left) => (rest = left), rest, time === undefined && words.day !== undefined);
  if (time === undefined && words.day !== undefined) {
    const hour = /\|\s+(\d{1,2})(?=\s|$)/u.exec(rest);
    const number = Number(hour?.[1] ?? NaN);
    if (hour !== null && number >= 1 && number <= 23) {
      time = `${String(number <= 6 ? number + 12 : number).padStart(2, '0')}:00`;
      rest = rest.replace(hour[0], ' ');
    }
  }
  const type = types.find(({ name }) => new RegExp(`(?:^|\\s)${escapeText(name)}(?=\\s|$)`, 'iu').test(rest));
  if (type !== undefined) rest = rest.replace(new RegExp(`(^|\\s)${escapeText(type.name)}(?=\\s|$)`, 'iu'), '$1');
  return { name: tidy(rest), minutes, day: words.day, time, typeId: type?.id };
}

/**
 * Reads the date without the length, which the date library would take for a part of it: "45 min" for a time from now, "30 mon" for
 * months. A bare number is the length when the rest says both a day and a time by itself.
 */
function readApart(text: string, read: (part: string) => DateWords): { words: DateWords; said: number | undefined } {
  const plain = plainLength.exec(text);
  if (plain !== null && isLength(Number(plain[1]))) {
    return { words: read(text.replace(plainLength, ' ')), said: Number(plain[1]) };
  }
  for (const bare of text.matchAll(/(?<=^|\s)\d{1,4}(?=\s|$)/gu)) {
    const minutes = Number(bare[0]);
    if (!isLength(minutes)) continue;
    const words = read(text.slice(0, bare.index) + text.slice(bare.index + bare[0].length));
    if (words.isDaySaid && words.time !== undefined) return { words, said: minutes };
  }
  return { words: read(text), said: undefined };
}

function takeLength(leave: (rest: string) => void, rest: string, mayBeHour: boolean): number | undefined {
  const named = lengthWithUnit.exec(rest);
  if (named !== null) {
    const amount = Number((named[1] ?? '').replace(',', '.'));
    const isHours = /^(h|std|stunde|heure)/i.test(named[2] ?? '');
    const minutes = isHours ? amount * 60 + Number(named[3] ?? 0) : amount;
    if (isLength(minutes)) {
      leave(rest.replace(named[0], ' '));
      return minutes;
    }
  }
  // A number right after the day may be the hour; one that is elsewhere is the length.
  const elsewhere = mayBeHour ? rest.replace(/\|\s+\d{1,2}(?=\s|$)/u, (hour) => ' '.repeat(hour.length)) : rest;
  const bare = bareNumber.exec(elsewhere);
  const minutes = Number(bare?.[1] ?? NaN);
  if (bare === null || !isLength(minutes)) return undefined;
  leave(rest.slice(0, bare.index) + ' ' + rest.slice(bare.index + bare[0].length));
  return minutes;
}

function isLength(minutes: number): boolean {
  return Number.isInteger(minutes) && minutes >= shortest && minutes <= longest;
}

function tidy(rest: string): string {
  let text = ` ${rest} `;
  for (let before = ''; before !== text;) {
    before = text;
    text = text.replace(joints, ' ');
  }
  const name = text.replace(/\s+/g, ' ').trim();
  // Typed in a hurry, all small; a name begins with a capital.
  return name === name.toLowerCase()
    ? name.replace(/(^|[\s-])(\p{Ll})/gu, (_, gap: string, letter: string) => gap + letter.toUpperCase())
    : name;
}

function escapeText(text: string): string {
  return text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');
}
