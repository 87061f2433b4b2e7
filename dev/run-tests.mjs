// `npm test`: builds what the tests look at, then runs every jest project. Plain JavaScript, no dependencies, so that it can
// say what is missing. Usage: npm test [-- <jest arguments>]; with arguments it runs one plain jest.
import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const root = join(import.meta.dirname, '..');
const bin = (name) => join(root, 'node_modules/.bin', name);
const run = (command, args) => spawnSync(command, args, { cwd: root, stdio: 'inherit' }).status ?? 1;
const jest = (...args) => run(process.execPath, [join(root, 'node_modules/jest/bin/jest.js'), ...args]);

if (process.argv.length > 2) process.exit(jest(...process.argv.slice(2)));

if (run(bin('vite'), ['build', 'web', '--logLevel', 'warn']) !== 0) process.exit(1);
// What the first screens weigh is a promise like any other.
if (run(process.execPath, [join(root, 'web/check-bundle.mjs')]) !== 0) process.exit(1);

const scratch = mkdtempSync(join(tmpdir(), 'daybook-tests-'));
const measured = ['--coverage', `--coverageDirectory=${join(scratch, 'coverage')}`];
const phases = [
  // Many small files, which wait more than they count; what they reach of the code is measured and held to a minimum
  // (jest.config.js). Then whole systems of a dozen processes each, which wait even more: two at a time. Last those that
  // measure time, one by one.
  { name: 'parts', args: ['--selectProjects', 'unit', 'integration', 'web', '--maxWorkers=3', ...measured] },
  { name: 'system', args: ['--selectProjects', 'system', 'browser', '--maxWorkers=2'] },
  { name: 'measured', args: ['--selectProjects', 'measured', '--runInBand'] },
];
const total = { passed: 0, failed: 0, skipped: 0 };
const skips = [];
let broken = false;
for (const { name, args } of phases) {
  const report = join(scratch, `${name}.json`);
  // A test that failed may leave a process behind; the run must end all the same.
  const status = jest(...args, '--json', `--outputFile=${report}`, '--forceExit');
  if (!existsSync(report)) {
    broken = true;
    continue;
  }
  const result = JSON.parse(readFileSync(report, 'utf8'));
  total.passed += result.numPassedTests;
  total.failed += result.numFailedTests + result.numRuntimeErrorTestSuites;
  total.skipped += result.numPendingTests + result.numTodoTests;
  for (const suite of result.testResults)
    for (const test of suite.assertionResults)
      if (test.status === 'pending' || test.status === 'todo' || test.status === 'skipped') skips.push(test.fullName);
  if (status !== 0) broken = true;
}
rmSync(scratch, { recursive: true, force: true });

// A skip that looks green is a lie: each must be on the committed list, with its reason, and in CI none else may happen.
const allowed = JSON.parse(readFileSync(join(root, 'tests/allowed-skips.json'), 'utf8'));
for (const name of skips) {
  const entry = allowed.find(({ test }) => name.includes(test));
  console.log(`skipped: ${name}${entry ? ` (${entry.reason})` : ' (NOT on the list in tests/allowed-skips.json)'}`);
  if (!entry || (process.env.CI && entry.notInCi)) broken = true;
}
console.log(`${total.passed} passed, ${total.failed} failed, ${total.skipped} skipped`);
process.exit(broken || total.failed > 0 || total.passed === 0 ? 1 : 0);
