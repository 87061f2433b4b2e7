import type { DomainError } from '@daybook/runtime/errors';
import { HashingQueue } from './hashing-queue.ts';

/** A job that says when it started and ends when told to. */
function createJob(name: string, started: string[]) {
  const { promise, resolve } = Promise.withResolvers<void>();
  const job = async () => {
    started.push(name);
    await promise;
    return name;
  };
  return { job, end: resolve };
}

const never = new AbortController().signal;
const codeOf = (error: unknown) => (error as DomainError).code;
const turn = () => new Promise((resolve) => setImmediate(resolve));

test('runs no more at once than allowed', async () => {
  const queue = new HashingQueue({ concurrency: 2, places: 10 });
  const started: string[] = [];
  const jobs = ['a', 'b', 'c'].map((name) => createJob(name, started));
  const runs = jobs.map(({ job }) => queue.run('one', never, job));
  await turn();
  expect(started).toEqual(['a', 'b']);
  jobs[0]?.end();
  await runs[0];
  await turn();
  expect(started).toEqual(['a', 'b', 'c']);
  for (const { end } of jobs) end();
  expect(await Promise.all(runs)).toEqual(['a', 'b', 'c']);
});

test('a flood from one address waits behind itself, another address comes next', async () => {
  const queue = new HashingQueue({ concurrency: 1, places: 100 });
  const started: string[] = [];
  const flood = Array.from({ length: 20 }, (_, index) => createJob(`flood ${index}`, started));
  const runs = flood.map(({ job }) => queue.run('attacker', never, job));
  const owner = createJob('owner', started);
  runs.push(queue.run('owner', never, owner.job));
  for (const { end } of [...flood, owner]) end();
  await Promise.all(runs);
  expect(started.indexOf('owner')).toBe(2);
  expect(started).toHaveLength(21);
});

test('when all places are taken the longest line loses its last, with a time to come back', async () => {
  const queue = new HashingQueue({ concurrency: 1, places: 2 });
  const started: string[] = [];
  const jobs = ['running', 'first', 'second', 'owner'].map((name) => createJob(name, started));
  const lines = ['attacker', 'attacker', 'attacker', 'owner'];
  const runs = jobs.map(({ job }, index) => queue.run(lines[index] ?? '', never, job));
  const outcomes = Promise.allSettled(runs);
  for (const { end } of jobs) end();
  expect((await outcomes).map((outcome) => outcome.status)).toEqual([
    'fulfilled',
    'fulfilled',
    'rejected',
    'fulfilled',
  ]);
  const refused = await runs[2]?.catch((error: unknown) => error);
  expect(refused).toMatchObject({ kind: 'throttled', code: 'TOO_MANY_ATTEMPTS', context: { retryAfterSeconds: 2 } });
});

test('who stops waiting leaves the line, also when that was before', async () => {
  const queue = new HashingQueue({ concurrency: 1, places: 10 });
  const started: string[] = [];
  const [running, waiting, next] = ['running', 'waiting', 'next'].map((name) => createJob(name, started));
  const first = queue.run('a', never, running?.job ?? fail);
  const patience = new AbortController();
  const given = queue.run('b', patience.signal, waiting?.job ?? fail).catch(codeOf);
  const gone = queue.run('c', AbortSignal.abort(), fail).catch(codeOf);
  const last = queue.run('b', never, next?.job ?? fail);
  patience.abort();
  running?.end();
  next?.end();
  expect(await Promise.all([first, given, gone, last])).toEqual([
    'running',
    'UPSTREAM_TIMEOUT',
    'UPSTREAM_TIMEOUT',
    'next',
  ]);
  expect(started).toEqual(['running', 'next']);
});

test('a job that fails frees its place', async () => {
  const queue = new HashingQueue({ concurrency: 1, places: 1 });
  await expect(queue.run('a', never, fail)).rejects.toThrow('failed');
  await expect(queue.run('a', never, async () => 'fine')).resolves.toBe('fine');
});

async function fail(): Promise<string> {
  throw new Error('failed');
}
