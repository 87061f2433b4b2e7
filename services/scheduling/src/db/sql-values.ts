/** Epoch milliseconds as text that PostgreSQL reads as timestamptz. */
export function toSqlInstant(instant: number): string {
  return new Date(instant).toISOString();
}

/** SQL that reads a timestamptz expression as epoch milliseconds. */
export function epochMs(expression: string): string {
  return `(extract(epoch FROM ${expression}) * 1000)::float8`;
}

/** A text in the form in which searches compare: lower case, without accents, on one line. */
export function foldText(text: string): string {
  return text.normalize('NFD').replace(/\p{M}/gu, '').toLowerCase().replace(/\s+/g, ' ').trim();
}

/** The words of a search, folded. At most ten count. */
export function searchWords(words: string): string[] {
  return foldText(words)
    .split(' ')
    .filter((word) => word !== '')
    .slice(0, 10);
}

/** The words of a search as LIKE patterns, their wildcards taken literally. */
export function searchPatterns(words: string): string[] {
  return searchWords(words).map((word) => `%${word.replace(/[\\%_]/g, '\\$&')}%`);
}

/** The half-open range of the texts that begin with this one, in the order of COLLATE "C"; unlike LIKE, a kept plan can use it. */
export function prefixRange(text: string): [string, string] {
  return [text, `${text}\u{10FFFF}`];
}

/** What a list cursor holds, opaque to callers. */
export function encodeCursor(position: readonly (string | number)[]): string {
  return Buffer.from(JSON.stringify(position)).toString('base64url');
}

const shapes = {
  // The years 1000 to 9000: what Date can hold beyond that, PostgreSQL refuses to read.
  instant: (part: unknown) => typeof part === 'number' && part >= -30_610_224e6 && part <= 221_845_392e6,
  rank: (part: unknown) => typeof part === 'number' && Number.isInteger(part) && Math.abs(part) < 100,
  text: (part: unknown) => typeof part === 'string' && !part.includes('\u0000'),
  id: (part: unknown) => typeof part === 'string' && /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/.test(part),
};

/** The reverse; undefined when the text was not made by `encodeCursor` with the same shape. */
export function decodeCursor(cursor: string, shape: readonly (keyof typeof shapes)[]): (string | number)[] | undefined {
  try {
    const position: unknown = JSON.parse(Buffer.from(cursor, 'base64url').toString('utf8'));
    if (!Array.isArray(position) || position.length !== shape.length) return undefined;
    const fits = shape.every((kind, index) => shapes[kind](position[index]));
    return fits ? (position as (string | number)[]) : undefined;
  } catch {
    return undefined;
  }
}
