import type { Series } from './prometheus-server.ts';

/** A panel of a Grafana dashboard, as far as it is drawn here. */
export type Panel = {
  type: 'stat' | 'timeseries' | 'table';
  title: string;
  gridPos: { x: number; y: number; w: number; h: number };
  targets: { expr: string; legendFormat?: string }[];
  fieldConfig: { defaults: { unit?: string; decimals?: number } };
};

/** A dashboard as it lies in the chart. */
export type Dashboard = { title: string; description: string; panels: Panel[] };

const COLUMN = 55;
const ROW = 34;
const colours = ['#3874cb', '#d9772b', '#3f9657', '#b8485b', '#7d5bb5', '#2a9099', '#a0832c', '#6b7280'];
const MOST_SHOWN = 8;

/** The page of a dashboard with what Prometheus answered, and the panels that had no answer. */
export async function drawDashboard(
  dashboard: Dashboard,
  ask: (panel: Panel) => Promise<Series[][]>,
): Promise<{ html: string; empty: string[] }> {
  const empty: string[] = [];
  const cells: string[] = [];
  for (const panel of dashboard.panels) {
    const answers = await ask(panel);
    if (answers.flat().length === 0) empty.push(panel.title);
    const { x, y, w, h } = panel.gridPos;
    const place = `left:${x * COLUMN}px;top:${y * ROW}px;width:${w * COLUMN - 10}px;height:${h * ROW - 10}px`;
    cells.push(`<section style="${place}"><h2>${escape(panel.title)}</h2>${drawPanel(panel, answers)}</section>`);
  }
  const height = Math.max(...dashboard.panels.map(({ gridPos }) => (gridPos.y + gridPos.h) * ROW));
  const html = `<!doctype html><style>${style}</style><h1>${escape(dashboard.title)}</h1>
    <p>${escape(dashboard.description)} Drawn from the answers of a Prometheus that scraped a running system.</p>
    <main style="height:${height}px">${cells.join('')}</main>`;
  return { html, empty };
}

const style = `body{font:13px/1.35 system-ui,sans-serif;margin:20px;color:#1f2937;background:#f4f5f7}
h1{font-size:20px;margin:0 0 4px}p{margin:0 0 14px;color:#4b5563}main{position:relative;width:${24 * COLUMN}px}
section{position:absolute;box-sizing:border-box;background:#fff;border:1px solid #e2e5ea;border-radius:4px;padding:8px 10px;overflow:hidden;display:flex;flex-direction:column}
h2{font-size:12.5px;font-weight:600;margin:0 0 4px}.value{font-size:34px;font-weight:600;margin:auto;white-space:nowrap}
ul{list-style:none;margin:4px 0 0;padding:0;font-size:11px;color:#374151;display:flex;flex-wrap:wrap;gap:1px 12px;max-height:46px;overflow:hidden}
li i{display:inline-block;width:12px;height:3px;margin-right:4px;vertical-align:middle}svg{flex:1;min-height:0;width:100%}
table{border-collapse:collapse;font-size:11.5px}td,th{text-align:left;padding:2px 12px 2px 0;border-bottom:1px solid #eceef1}`;

function drawPanel(panel: Panel, answers: Series[][]): string {
  if (panel.type === 'stat') return drawStat(panel, answers);
  if (panel.type === 'table') return drawTable(answers.flat());
  return drawLines(panel, answers);
}

function drawStat(panel: Panel, answers: Series[][]): string {
  const values = answers.flat().map(({ value }) => format(Number(value?.[1]), panel));
  return `<div class="value">${values.map(escape).join(' · ') || 'no answer'}</div>`;
}

function drawTable(series: Series[]): string {
  const labels = [...new Set(series.flatMap(({ metric }) => Object.keys(metric)))];
  const rows = series.map(({ metric, value }) => [...labels.map((label) => metric[label] ?? ''), value?.[1] ?? '']);
  const row = (cells: string[], tag: string) =>
    `<tr>${cells.map((cell) => `<${tag}>${escape(cell)}</${tag}>`).join('')}</tr>`;
  return `<table>${row([...labels, 'processes'], 'th')}${rows.map((cells) => row(cells, 'td')).join('')}</table>`;
}

type Line = { name: string; points: [number, number][] };

function drawLines(panel: Panel, answers: Series[][]): string {
  const lines = answers.flatMap((series, at) => series.map((one) => toLine(panel, one, at)));
  lines.sort((a, b) => peak(b) - peak(a));
  const shown = lines.slice(0, MOST_SHOWN);
  const points = shown.flatMap((line) => line.points);
  if (points.length === 0) return '<div class="value">no answer</div>';
  const [first, last] = [Math.min(...points.map(([x]) => x)), Math.max(...points.map(([x]) => x))];
  const top = Math.max(...points.map(([, y]) => y), 1e-9) * 1.1;
  const [width, height, left, bottom] = [600, 150, 62, 16];
  const x = (at: number) => left + ((at - first) / Math.max(1, last - first)) * (width - left - 4);
  const y = (value: number) => 4 + (1 - value / top) * (height - bottom - 4);
  const ticks = [0, 0.5, 1].map((share) => {
    const value = (top / 1.1) * share;
    return `<line x1="${left}" x2="${width}" y1="${y(value)}" y2="${y(value)}" stroke="#e5e7eb"/><text x="${left - 6}" y="${y(value) + 4}" text-anchor="end">${escape(format(value, panel))}</text>`;
  });
  const times = [first, last].map((at, index) => {
    const text = new Date(at * 1000).toISOString().slice(11, 16);
    return `<text x="${x(at)}" y="${height - 2}" text-anchor="${index === 0 ? 'start' : 'end'}">${text}</text>`;
  });
  const paths = shown.map((line, at) => {
    const path = line.points.map(([when, value]) => `${x(when).toFixed(1)},${y(value).toFixed(1)}`).join(' ');
    return `<polyline points="${path}" fill="none" stroke="${colours[at % colours.length]}" stroke-width="1.5"/>`;
  });
  const legend = shown.map(
    ({ name }, at) => `<li><i style="background:${colours[at % colours.length]}"></i>${escape(name)}</li>`,
  );
  const more = lines.length > shown.length ? `<li>and ${lines.length - shown.length} more</li>` : '';
  return `<svg viewBox="0 0 ${width} ${height}" preserveAspectRatio="none" font-size="10" fill="#6b7280">${ticks.join('')}${times.join('')}${paths.join('')}</svg><ul>${legend.join('')}${more}</ul>`;
}

const peak = ({ points }: Line): number => Math.max(...points.map(([, value]) => value));

function toLine(panel: Panel, { metric, values = [] }: Series, target: number): Line {
  const legend = panel.targets[target]?.legendFormat ?? '';
  const name = legend.replaceAll(/\{\{\s*(\w+)\s*\}\}/g, (_, label: string) => metric[label] ?? '');
  const points = values.map(([at, text]): [number, number] => [at, Number(text)]);
  return { name: name || panel.title, points: points.filter(([, value]) => Number.isFinite(value)) };
}

/** A number in the unit of its panel, as Grafana would show it. */
function format(value: number, { fieldConfig: { defaults } }: Panel): string {
  const round = (number: number) => Number(number.toPrecision(3)).toString();
  if (!Number.isFinite(value)) return 'no value';
  if (defaults.unit === 'percentunit') return `${(value * 100).toFixed(defaults.decimals ?? 1)} %`;
  if (defaults.unit === 'bytes') return `${Math.round(value / 2 ** 20)} MiB`;
  if (defaults.unit === 's') return value < 1 ? `${round(value * 1000)} ms` : `${round(value)} s`;
  if (defaults.unit === 'reqps') return `${round(value)}/s`;
  return defaults.decimals === 0 ? Math.round(value).toString() : round(value);
}

function escape(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;');
}
