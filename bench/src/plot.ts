/** One line of a plot: sizes and what was measured at them. */
export type Series = { name: string; points: readonly { x: number; y: number }[] };

const width = 640;
const height = 360;
const margin = { left: 64, right: 150, top: 40, bottom: 48 };
const colours = ['#0f766e', '#b45309', '#1d4ed8', '#9d174d', '#4d7c0f'];

const escape = (text: string): string => text.replaceAll('&', '&amp;').replaceAll('<', '&lt;');

/** Powers of ten from the least to the most, at least two. */
function decades(values: readonly number[]): number[] {
  const first = Math.floor(Math.log10(Math.min(...values)));
  const last = Math.max(first + 1, Math.ceil(Math.log10(Math.max(...values))));
  return Array.from({ length: last - first + 1 }, (_, index) => first + index);
}

const label = (power: number): string => {
  if (power >= 6) return `${10 ** (power - 6)}M`;
  if (power >= 3) return `${10 ** (power - 3)}k`;
  return String(Number((10 ** power).toPrecision(1)));
};

const labelHeight = 14;

/** Where the names at the lines' ends stand: at their own heights, moved down where two would cover each other. */
function spread(heights: readonly number[]): number[] {
  const placed = [...heights];
  const order = heights.map((_, index) => index).toSorted((a, b) => heights[a]! - heights[b]!);
  order.reduce((above, index) => (placed[index] = Math.max(heights[index]!, above + labelHeight)), -Infinity);
  return placed;
}

/**
 * A plot with logarithmic axes as a standalone SVG: a flat line costs the same at any size, a line of slope one grows with
 * it. All values must be above zero.
 */
export function renderPlot(options: { title: string; x: string; y: string; series: readonly Series[] }): string {
  const points = options.series.flatMap((one) => one.points);
  const xs = decades(points.map(({ x }) => x));
  const ys = decades(points.map(({ y }) => y));
  const across = (x: number): number =>
    margin.left + ((Math.log10(x) - xs[0]!) / (xs.at(-1)! - xs[0]!)) * (width - margin.left - margin.right);
  const down = (y: number): number =>
    height - margin.bottom - ((Math.log10(y) - ys[0]!) / (ys.at(-1)! - ys[0]!)) * (height - margin.top - margin.bottom);
  const grid = [
    ...xs.map((power) => {
      const at = across(10 ** power);
      return `<path d="M${at} ${margin.top}V${height - margin.bottom}" stroke="#e7e5e4"/><text x="${at}" y="${height - margin.bottom + 18}" text-anchor="middle">${label(power)}</text>`;
    }),
    ...ys.map((power) => {
      const at = down(10 ** power);
      return `<path d="M${margin.left} ${at}H${width - margin.right}" stroke="#e7e5e4"/><text x="${margin.left - 8}" y="${at + 4}" text-anchor="end">${label(power)}</text>`;
    }),
  ];
  const labels = spread(options.series.map(({ points: own }) => down(own.at(-1)!.y)));
  const lines = options.series.map(({ name, points: own }, index) => {
    const colour = colours[index % colours.length]!;
    const path = own
      .map(({ x, y }, at) => `${at === 0 ? 'M' : 'L'}${across(x).toFixed(1)} ${down(y).toFixed(1)}`)
      .join('');
    const dots = own
      .map(({ x, y }) => `<circle cx="${across(x).toFixed(1)}" cy="${down(y).toFixed(1)}" r="3" fill="${colour}"/>`)
      .join('');
    const end = own.at(-1)!;
    return `<path d="${path}" fill="none" stroke="${colour}" stroke-width="2"/>${dots}<text x="${(across(end.x) + 8).toFixed(1)}" y="${(labels[index]! + 4).toFixed(1)}" fill="${colour}">${escape(name)}</text>`;
  });
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" font-family="system-ui, sans-serif" font-size="12" fill="#44403c">`,
    `<rect width="${width}" height="${height}" fill="#fff"/>`,
    `<text x="${margin.left}" y="22" font-size="14" font-weight="600">${escape(options.title)}</text>`,
    ...grid,
    ...lines,
    `<text x="${(margin.left + width - margin.right) / 2}" y="${height - 10}" text-anchor="middle">${escape(options.x)}</text>`,
    `<text transform="translate(16 ${height / 2}) rotate(-90)" text-anchor="middle">${escape(options.y)}</text>`,
    '</svg>',
    '',
  ].join('\n');
}
