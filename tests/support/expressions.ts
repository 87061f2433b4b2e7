import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'yaml';

const files = join(process.cwd(), 'helm', 'daybook', 'files');

/** The file of recording rules and alerts. */
export const rulesFile = join(files, 'rules', 'daybook.yaml');

type Rule = { alert?: string; record?: string; expr: string; annotations?: Record<string, string> };
type Panel = { title: string; targets: { expr: string }[] };

/** Every rule of the chart. */
export function readRules(): Rule[] {
  const { groups } = parse(readFileSync(rulesFile, 'utf8')) as { groups: { rules: Rule[] }[] };
  return groups.flatMap(({ rules }) => rules);
}

/** An expression with the place it stands in. */
export type PlacedExpression = { place: string; expr: string };

/** Grafana's variables filled in as for a whole installation. */
export function fillVariables(expr: string): string {
  return expr.replaceAll('$namespace', '.*').replaceAll('$__rate_interval', '5m');
}

/** Every expression of the dashboards, with Grafana's variables filled in as for a whole installation. */
export function readDashboardExpressions(): PlacedExpression[] {
  return readdirSync(join(files, 'dashboards')).flatMap((file) => {
    const { panels } = JSON.parse(readFileSync(join(files, 'dashboards', file), 'utf8')) as { panels: Panel[] };
    return panels.flatMap(({ title, targets }) =>
      targets.map(({ expr }) => ({
        place: `${file}, ${title}`,
        expr: fillVariables(expr),
      })),
    );
  });
}

/** The metrics an expression reads: names outside of braces, quotes, windows and label lists that no parenthesis follows. */
export function metricsOf(expr: string): string[] {
  const bare = expr
    .replace(/"(?:[^"\\]|\\.)*"/g, '')
    .replace(/\{[^}]*\}/g, '')
    .replace(/\[[^\]]*\]/g, '')
    .replace(/\b(?:by|without|on|ignoring|group_left|group_right)\s*\([^)]*\)/g, ' ');
  const names = bare.match(/(?<![\w:.])[a-zA-Z_:][\w:]*\b(?!\s*\()/g) ?? [];
  return [...new Set(names.filter((name) => !/^(?:and|or|unless|bool|offset|by|inf|nan)$/i.test(name)))];
}
