/** One line of the results: what was asked of Daybook and what it gave. */
export type Row = { goal: string; what: string; measured: string; wanted: string; met: boolean };

/** The rows as a table in Markdown. */
export function showTable(rows: readonly Row[]): string {
  return [
    '| Goal | What | Measured | Wanted | |',
    '|---|---|---|---|---|',
    ...rows.map(
      ({ goal, what, measured, wanted, met }) =>
        `| ${goal} | ${what} | ${measured} | ${wanted} | ${met ? 'met' : '**missed**'} |`,
    ),
  ].join('\n');
}
