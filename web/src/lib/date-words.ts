import type { Chrono } from 'chrono-node/en';

/** A day and a time of day found in a text; where nothing was said the part is undefined. */
export type DateWords = {
  /** YYYY-MM-DD in the zone that was asked for. */
  day: string | undefined;
  /** Whether the day was said, not only implied by a time. */
  isDaySaid: boolean;
  /** HH:MM. */
  time: string | undefined;
  /** The text without the words that were understood. */
  rest: string;
};

/** Reads a day and a time out of a text in one language; `now` in epoch milliseconds. */
export type DateReader = (text: string, now: number, zone: string) => DateWords;

type Parser = Chrono;
type Result = ReturnType<Parser['parse']>[number];

/**
 * Loads what reads days and times written by hand ("thu 3pm", "4 juin à 10h", "do 15 uhr") in a language. The library is large and comes
 * with the first text that needs it. Numbers as in 4/6 are read as the locale writes them.
 */
export async function loadDateReader(language: string, locale: string): Promise<DateReader> {
  const parser = await loadParser(language, locale);
  return (text, now, zone) => readDateWords(parser, settle(text, language, now, zone), now, zone);
}

async function loadParser(language: string, locale: string): Promise<Parser> {
  if (language === 'fr') return (await import('chrono-node/fr')).casual;
  if (language === 'de') return (await import('chrono-node/de')).casual;
  const { casual, GB } = await import('chrono-node/en');
  return locale.startsWith('en-US') ? casual : GB;
}

function readDateWords(parser: Parser, text: string, now: number, zone: string): DateWords {
  const minutesEast = Temporal.Instant.fromEpochMilliseconds(now).toZonedDateTimeISO(zone).offsetNanoseconds / 6e10;
  const found = parser.parse(text, { instant: new Date(now), timezone: minutesEast }, { forwardDate: true });
  const timed = found.findLast((result) => result.start.isCertain('hour'));
  const dated =
    timed !== undefined && saysDay(timed)
      ? timed
      : found.findLast((result) => saysDay(result) && !result.start.isCertain('hour'));
  const used = [...new Set([timed, dated])].filter((result) => result !== undefined);
  const day = dayOf(dated ?? timed);
  return {
    day,
    isDaySaid: dated !== undefined,
    time: timed === undefined ? undefined : timeOf(timed),
    rest: without(text, used),
  };
}

/** Puts forms into shape that the library does not know: 4.6. in German, jeu. in French. */
function settle(text: string, language: string, now: number, zone: string): string {
  if (language === 'fr') return text.replace(/\b(lun|mar|mer|jeu|ven|sam|dim)\.(?=\s|$)/gi, '$1');
  if (language !== 'de') return text;
  return text.replace(/\b(\d{1,2})\.(\d{1,2})\.(?=\s|$)/g, (whole, day: string, month: string) => {
    const today = Temporal.Instant.fromEpochMilliseconds(now).toZonedDateTimeISO(zone).toPlainDate();
    try {
      const date = Temporal.PlainDate.from(
        { year: today.year, month: Number(month), day: Number(day) },
        { overflow: 'reject' },
      );
      return (Temporal.PlainDate.compare(date, today) < 0 ? date.add({ years: 1 }) : date).toString();
    } catch {
      return whole;
    }
  });
}

function saysDay({ start }: Result): boolean {
  return start.isCertain('day') || start.isCertain('weekday');
}

function dayOf(result: Result | undefined): string | undefined {
  const [year, month, day] = (['year', 'month', 'day'] as const).map((part) => result?.start.get(part) ?? undefined);
  if (year === undefined || month === undefined || day === undefined) return undefined;
  return Temporal.PlainDate.from({ year, month, day }).toString();
}

function timeOf({ start }: Result): string {
  const pad = (part: number | null) => String(part ?? 0).padStart(2, '0');
  return `${pad(start.get('hour'))}:${pad(start.get('minute'))}`;
}

function without(text: string, used: readonly Result[]): string {
  let rest = text;
  for (const { index, text: words } of [...used].sort((one, other) => other.index - one.index)) {
    rest = `${rest.slice(0, index)} | ${rest.slice(index + words.length)}`;
  }
  return rest;
}
