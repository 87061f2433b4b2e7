/**
 * Shows that each property can fail: for every mutant below the service is copied aside, one line of it is broken, and the
 * named tests are run, which must then fail. Run from the root: `node services/scheduling/src/testing/check-mutants.ts`
 * (some minutes); a number as argument runs that property's mutants alone. Exit code 1 when a mutant survives.
 */
import { spawnSync } from 'node:child_process';
import { cpSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** One broken line, and the test that must notice. */
type Mutant = { test: string; project: 'unit' | 'integration'; file: string; from: string; to: string };

const property = (number: number, file: string, from: string, to: string): Mutant => ({
  test: `property ${number}:`,
  project: 'integration',
  file,
  from,
  to,
});
const law = (test: string, file: string, from: string, to: string): Mutant => ({
  test,
  project: 'unit',
  file,
  from,
  to,
});

const anyone = `{ kind: 'user' as const, userId: 'anyone', organizationId: '00000000-0000-4000-8000-000000000000', roles: ['owner' as const] }`;

const mutants: Mutant[] = [
  property(1, 'grpc/handlers.ts', 'await list(call.requireUser()', `await list((call.actor ?? ${anyone}) as never`),
  property(1, 'service.ts', 'createTokenVerifier({ keys })', `({ verify: async () => (${anyone}) as never })`),
  property(
    2,
    'service.ts',
    'createTokenVerifier({ keys })',
    'createTokenVerifier({ keys, clockToleranceSeconds: 1e9 })',
  ),
  property(3, 'app/get-availability.ts', 'open: open.toArray()', 'open: open.toArray().slice(0, 3)'),
  property(4, 'app/get-availability.ts', 'open.subtract(busy).toArray()', 'open.toArray()'),
  property(5, 'domain/appointment.ts', 'end: during.end,', 'end: during.end + 60_000,'),
  property(
    6,
    'domain/appointment.ts',
    'if (!isWithinHours(rules.availability, during)) throw',
    'if (during.start < 0) throw',
  ),
  property(
    7,
    'db/appointment-writes.ts',
    "tstzrange($17::timestamptz, $18::timestamptz, '[)') FROM fence",
    "tstzrange($17::timestamptz, $18::timestamptz - interval '4 minutes', '[)') FROM fence",
  ),
  property(
    8,
    'db/appointment-writes.ts',
    '      appointment.notes,\n      appointment.override,',
    '      appointment.notes.trim(),\n      appointment.override,',
  ),
  property(9, 'domain/appointment.ts', 'const start = changes.start ?? current.start;', 'const start = current.start;'),
  property(10, 'app/change-appointment.ts', 'const occupies = timeDiffers ?', 'const occupies = false ?'),
  property(
    11,
    'domain/appointment.ts',
    '(changes.durationMinutes ?? (current.end - current.start) / MINUTE)',
    '(changes.durationMinutes ?? 30)',
  ),
  property(12, 'db/appointment-repository.ts', 'filter.limit + 1)}`', 'filter.limit)}`'),
  property(13, 'grpc/mapping.ts', 'durationMinutes: Math.round((end - start) / 60_000),', 'durationMinutes: 30,'),
  property(
    14,
    'db/appointment-repository.ts',
    'ORDER BY lower(a.during), a.id LIMIT',
    'ORDER BY a.created_at, a.id LIMIT',
  ),
  property(15, 'domain/appointment.ts', 'minutes < shortestMinutes || minutes > longestMinutes', 'minutes < 1'),
  property(16, 'app/paging.ts', 'throw rangeTooLong(longestRangeDays)', "throw new Error('too long')"),
  property(
    17,
    'db/provider-repository.ts',
    'rules.overrides.map((o) => o.endDate)',
    'rules.overrides.map((o) => o.date)',
  ),
  property(
    18,
    'app/provision-organization.ts',
    'if (deps.provisioned.has(organizationId)) return;',
    "if (deps.provisioned.size === 0) await deps.database.sequelize.query('TRUNCATE organizations CASCADE');\n  if (deps.provisioned.has(organizationId)) return;",
  ),
  law(
    'no start lies outside',
    'domain/slots.ts',
    'Math.min(until - duration, window.end - 1)',
    'Math.min(until - duration + 60_000, window.end - 1)',
  ),
  law('no start lies outside', 'domain/slots.ts', 'taken.start - bufferAfter) : reach', 'taken.start) : reach'),
  law('exactly the starts are offered', 'domain/slots.ts', 'greatestCommonDivisor(step, 60 * MINUTE)', 'step'),
  law('of windows that touch or overlap', 'domain/slots.ts', 'if (following.start > reach) break;', 'break;'),
  law('of windows that touch or overlap', 'domain/slots.ts', 'window.end - 1)', 'window.end + 1)'),
  law('of windows that touch or overlap', 'domain/slots.ts', 'previous === undefined || start > previous', 'true'),
  law('exactly the starts are offered', 'domain/slots.ts', 'moved : moved + grid', 'moved : moved'),
  law('also when the stretch before it', 'domain/zone-offsets.ts', 'instant < until);', 'instant <= until);'),
  law(
    'open is exactly what the wall clock says',
    'domain/availability.ts',
    'override.from <= day',
    'override.from < day',
  ),
  law('a wall time resolves to itself', 'domain/zone-offsets.ts', "(edge === 'start' ? earlier : later)", 'earlier'),
  law(
    'a wall time resolves to itself',
    'domain/zone-offsets.ts',
    '(change ?? later).epochMilliseconds',
    'later.epochMilliseconds',
  ),
  law('a wall time resolves to itself', 'domain/zone-offsets.ts', 'from <= wall - DAY &&', ''),
  law('every set is sorted', 'domain/interval.ts', 'if (last && start <= last.end)', 'if (last && start < last.end)'),
];

function prepareCopy(root: string): string {
  const copy = mkdtempSync(join(tmpdir(), 'daybook-mutants-'));
  cpSync(join(root, 'services/scheduling'), join(copy, 'services/scheduling'), { recursive: true });
  for (const name of ['node_modules', 'packages', 'protos', 'dev']) symlinkSync(join(root, name), join(copy, name));
  cpSync(join(root, 'package.json'), join(copy, 'package.json'));
  const config = `import whole from ${JSON.stringify(join(root, 'jest.config.js'))};
    const rootDir = ${JSON.stringify(copy)};
    const kept = whole.projects.filter((project) => ['unit', 'integration'].includes(project.displayName));
    export default { rootDir, projects: kept.map((project) => ({ ...project, rootDir, roots: [rootDir + '/services'] })) };`;
  writeFileSync(join(copy, 'jest.config.mjs'), config);
  return copy;
}

function isNoticed(root: string, copy: string, mutant: Mutant): boolean {
  const path = join(copy, 'services/scheduling/src', mutant.file);
  const sound = readFileSync(path, 'utf8');
  if (!sound.includes(mutant.from)) throw new Error(`${mutant.file} no longer holds: ${mutant.from}`);
  writeFileSync(
    path,
    sound.replace(mutant.from, () => mutant.to),
  );
  const jest = join(root, 'node_modules/jest/bin/jest.js');
  const options = ['-c', 'jest.config.mjs', '--selectProjects', mutant.project, '--maxWorkers=1', '-t', mutant.test];
  const run = spawnSync(process.execPath, [jest, ...options], { cwd: copy, encoding: 'utf8', timeout: 300_000 });
  writeFileSync(path, sound);
  return /Tests:\s+\d+ failed/.test(run.stderr);
}

const root = process.cwd();
const [only] = process.argv.slice(2);
const chosen = mutants.filter((mutant) => only === undefined || mutant.test === `property ${only}:`);
const copy = prepareCopy(root);
let survivors = 0;
try {
  for (const mutant of chosen) {
    const noticed = isNoticed(root, copy, mutant);
    if (!noticed) survivors += 1;
    process.stdout.write(`${noticed ? 'noticed ' : 'SURVIVED'} ${mutant.test} ${mutant.file}\n`);
  }
} finally {
  rmSync(copy, { recursive: true, force: true });
}
process.exit(survivors === 0 ? 0 : 1);
