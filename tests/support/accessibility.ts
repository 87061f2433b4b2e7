import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Page } from 'playwright-core';

const axeSource = readFileSync(join(process.cwd(), 'node_modules', 'axe-core', 'axe.min.js'), 'utf8');

type AxeResult = {
  violations: { id: string; impact: string; help: string; nodes: { target: string[]; html: string }[] }[];
};

/**
 * What axe finds wrong with a page by WCAG 2.1 A and AA, one line per place; empty when all is well. The script is evaluated by the
 * browser's own tool door, so the content security policy stays as it is.
 */
export async function findBarriers(page: Page): Promise<string[]> {
  await page.evaluate(axeSource);
  const { violations } = await page.evaluate<AxeResult>(
    `axe.run(document, { runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa'], resultTypes: ['violations'] })`,
  );
  return violations.flatMap(({ id, help, nodes }) =>
    nodes.map((node) => `${id}: ${help} (${node.target.join(' ')}) ${node.html.slice(0, 160)}`),
  );
}

/** By how many CSS pixels a page is wider than its window; 0 when nothing must be scrolled sideways. */
export function findOverflow(page: Page): Promise<number> {
  return page.evaluate<number>('document.documentElement.scrollWidth - document.documentElement.clientWidth');
}
