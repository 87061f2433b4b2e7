import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { readRules } from '../support/expressions.ts';

const root = join(__dirname, '..', '..');
const runbook = readFileSync(join(root, 'docs', 'operations', 'alerts.md'), 'utf8');
const unitTests = ['alerts.promtool.yaml', 'slow-alerts.promtool.yaml']
  .map((file) => readFileSync(join(__dirname, file), 'utf8'))
  .join('\n');
const alerts = readRules().flatMap((rule) => (rule.alert ? [{ ...rule, name: rule.alert }] : []));

/** All code of ours that may write a line or serve a metric. */
function readSources(): string {
  const folders = ['packages/runtime/src', 'packages/operate/src', 'gateway/src', 'services'];
  return folders
    .flatMap((folder) =>
      readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' })
        .filter((file) => file.endsWith('.ts') && !file.includes('node_modules') && !file.endsWith('.test.ts'))
        .map((file) => readFileSync(join(root, folder, file), 'utf8')),
    )
    .join('\n');
}
const sources = readSources();

test.each(alerts)('$name is tested firing and silent, and its runbook says what to do', ({ name, annotations }) => {
  const cases = [...unitTests.matchAll(new RegExp(`alertname: ${name}\\n\\s+exp_alerts:(.*)\\n`, 'g'))];
  expect(cases.some(([, end]) => end === '')).toBe(true);
  expect(cases.some(([, end]) => end === ' []')).toBe(true);
  expect(annotations?.['runbook']).toBe(`docs/operations/alerts.md#${name.toLowerCase()}`);
  const [, section = ''] = new RegExp(`^## ${name}\\n([\\s\\S]*?)(?=^## |$(?![\\s\\S]))`, 'm').exec(runbook) ?? [];
  expect(section.trim().length).toBeGreaterThan(100);
});

test('the runbook has no entry for an alert that does not exist', () => {
  const entries = [...runbook.matchAll(/^## (Daybook\w+)$/gm)].map(([, name]) => name);
  expect(entries.toSorted()).toEqual(alerts.map(({ name }) => name).toSorted());
});

describe.each(readdirSync(join(root, 'docs', 'operations')).filter((file) => file.endsWith('.md')))('%s', (file) => {
  const text = readFileSync(join(root, 'docs', 'operations', file), 'utf8');

  test('names only metrics that a process serves or a rule records', () => {
    const known = readRules().flatMap(({ record }) => (record ? [record] : []));
    const named = [...text.matchAll(/`(daybook_[a-z_]+)/g)].map(([, name = '']) => name.replace(/_$/, ''));
    expect(named.filter((name) => !sources.includes(name) && !known.includes(name))).toEqual([]);
  });

  test('quotes only lines that a process writes', () => {
    const quoted = [...text.matchAll(/`([a-z]+(?: [a-z]+){2,})`/g)]
      .map(([, line = '']) => line)
      .filter((line) => !/^(npm|kubectl|helm|docker|node|git) /.test(line));
    expect(quoted.filter((line) => !sources.includes(line))).toEqual([]);
  });
});
