/** One line of the results: what was asked of Daybook and what it gave; without `met` a figure beside the goal, which names no limit for it. */
export type Row = { goal: string; what: string; measured: string; wanted: string; met?: boolean };

function verdict({ met }: Row): string {
  if (met === undefined) return '';
  return met ? 'met' : '**missed**';
}

/** The rows as a table in Markdown. */
export function showTable(rows: readonly Row[]): string {
  return [
    '| Goal | What | Measured | Wanted | |',
    '|---|---|---|---|---|',
    ...rows.map((row) => `| ${row.goal} | ${row.what} | ${row.measured} | ${row.wanted} | ${verdict(row)} |`),
  ].join('\n');
}
