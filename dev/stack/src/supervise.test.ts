import { spawn } from 'node:child_process';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { tryFileLock } from './file-lock.ts';
import { isRunning } from './process-identity.ts';
import { endLeftovers, openProcessRecords } from './process-records.ts';
import { runProgram, supervise, type SupervisedOptions } from './supervise.ts';
import { eventually, makeScratch } from './test-support/scratch.ts';

jest.setTimeout(30_000);

const scratch = makeScratch();
afterAll(() => scratch.remove());
let counter = 0;

/** A program that says when it is ready by making a file, and can be told to die. */
function setUp(program: string, overrides: Partial<SupervisedOptions> = {}) {
  counter += 1;
  const file = join(scratch.path, `program-${counter}.mjs`);
  const ready = join(scratch.path, `ready-${counter}`);
  const recordsFile = join(scratch.path, `records-${counter}.json`);
  const lines: string[] = [];
  writeFileSync(file, program);
  const process = supervise({
    ...{ name: `program-${counter}`, file, env: { READY_FILE: ready }, restartCrashed: true },
    probe: async () => existsSync(ready),
    records: openProcessRecords(recordsFile),
    onLine: (_name, line) => lines.push(line),
    ...overrides,
  });
  return { process, lines, recordsFile, ready };
}

const steady = `import { writeFileSync } from 'node:fs';
  console.log('hello'); writeFileSync(process.env.READY_FILE, String(process.pid)); setInterval(() => {}, 1000);`;

test('a killed program is started again and the log says so; stop leaves it stopped', async () => {
  const { process, lines } = setUp(steady);
  await process.start();
  const first = process.pid;
  expect(process.memory()).toBeGreaterThan(1_000_000);
  process.kill('SIGKILL');
  await eventually('another process', () => process.pid !== undefined && process.pid !== first);
  await process.waitReady();
  expect(lines.join('\n')).toMatch(/ended unasked \(SIGKILL\); it is started again in 250 ms/);
  const second = process.pid ?? 0;
  await process.stop();
  expect(process.pid).toBeUndefined();
  expect(isRunning(second)).toBe(false);
  await process.start();
  expect(process.pid).not.toBe(second);
  await process.stop();
});

test('a program that dies before it was ever ready is not tried for ever: its last words are in the error', async () => {
  const { process } = setUp(`console.error('the port is taken'); process.exit(3);`);
  await expect(process.start()).rejects.toThrow(/ended unasked \(exit code 3\)[\s\S]*the port is taken/);
});

test('a program that ignores SIGTERM is killed after the deadline', async () => {
  const { process } = setUp(`process.on('SIGTERM', () => {}); ${steady}`, { stopDeadlineMs: 300 });
  await process.start();
  const pid = process.pid ?? 0;
  const before = Date.now();
  await process.stop();
  expect(Date.now() - before).toBeGreaterThanOrEqual(290);
  expect(isRunning(pid)).toBe(false);
});

test('what an earlier run left behind is ended; a stranger who got the same pid is not', async () => {
  const { process, recordsFile } = setUp(steady, { restartCrashed: false });
  await process.start();
  const [left] = JSON.parse(readFileSync(recordsFile, 'utf8')) as { pid: number; name: string; startMark: string }[];
  const stranger = spawn(globalThis.process.execPath, ['-e', 'setInterval(() => {}, 1000)'], { stdio: 'ignore' });
  writeFileSync(recordsFile, JSON.stringify([left, { name: 'stranger', pid: stranger.pid, startMark: 'earlier' }]));

  expect(await endLeftovers(recordsFile)).toEqual([process.name]);
  expect(isRunning(left?.pid ?? 0)).toBe(false);
  expect(isRunning(stranger.pid ?? 0)).toBe(true);
  stranger.kill('SIGKILL');
  await process.stop();
});

test('a child gets its own settings and no secrets of this process', async () => {
  globalThis.process.env['CALCOM_API_KEY'] = 'secret';
  const file = join(scratch.path, 'environment.mjs');
  writeFileSync(file, 'console.log(JSON.stringify(process.env)); process.stdin.pipe(process.stdout);');
  const output = await runProgram({
    name: 'env',
    file,
    env: { OWN: 'yes', GONE: undefined },
    onLine: () => undefined,
    input: 'in',
  });
  delete globalThis.process.env['CALCOM_API_KEY'];
  const [environment, echoed] = output.split('\n');
  expect(JSON.parse(environment ?? '')).toMatchObject({ OWN: 'yes', PATH: globalThis.process.env['PATH'] });
  expect(environment).not.toContain('CALCOM_API_KEY');
  expect(echoed).toBe('in');
});

test('a lock is refused while its holder lives and taken over when it is dead', () => {
  const file = join(scratch.path, 'lock');
  const mine = tryFileLock(file);
  expect(tryFileLock(file)).toMatchObject({ pid: globalThis.process.pid });
  if (!('release' in mine)) throw new Error('The first lock was not given.');
  mine.release();
  writeFileSync(file, JSON.stringify({ pid: globalThis.process.pid, startMark: 'of an earlier process' }));
  const taken = tryFileLock(file);
  expect(taken).toHaveProperty('release');
  if ('release' in taken) taken.release();
});
