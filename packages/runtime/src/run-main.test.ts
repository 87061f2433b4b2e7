import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';

type Result = { code: number | null; stdout: string; stderr: string };

/** Runs `start`'s body in a process of its own, as services run: natively, from source. */
function runProcess(body: string, env: NodeJS.ProcessEnv = {}): Promise<Result> {
  const url = pathToFileURL(join(__dirname, 'lifecycle.ts')).href;
  const script = `import { runMain } from ${JSON.stringify(url)};
    await runMain('sample', async ({ logger, lifecycle }) => { ${body} });`;
  const child = spawn(process.execPath, ['--input-type=module', '-e', script], { env: { ...process.env, ...env } });
  const result: Result = { code: null, stdout: '', stderr: '' };
  child.stdout.on('data', (chunk: Buffer) => {
    result.stdout += chunk.toString();
    if (result.stdout.includes('"msg":"up"')) child.kill('SIGTERM');
  });
  child.stderr.on('data', (chunk: Buffer) => (result.stderr += chunk.toString()));
  return new Promise((resolve) => child.once('close', (code) => resolve({ ...result, code })));
}

test('SIGTERM stops the parts in order and exits 0', async () => {
  const result = await runProcess(`
    setInterval(() => undefined, 1000);
    lifecycle.onShutdown('pools', 'pool', async () => logger.info('pool closed'));
    lifecycle.onShutdown('intake', 'server', async () => logger.info('server closed'));
    logger.info('up');`);
  expect(result.code).toBe(0);
  expect(result.stdout.indexOf('server closed')).toBeGreaterThan(0);
  expect(result.stdout.indexOf('pool closed')).toBeGreaterThan(result.stdout.indexOf('server closed'));
}, 20_000);

test('a bad environment is told on standard error, with exit 1', async () => {
  const result = await runProcess('', { DRAIN_DELAY_MS: 'soon', LOG_LEVEL: 'loud' });
  expect(result.code).toBe(1);
  expect(result.stderr).toContain('DRAIN_DELAY_MS');
  expect(result.stderr).toContain('LOG_LEVEL');
}, 20_000);

test('an uncaught error is logged and ends the process with 1', async () => {
  const result = await runProcess(
    `setTimeout(() => { throw new Error('unexpected'); }, 10); setInterval(() => undefined, 1000);`,
  );
  expect(result.code).toBe(1);
  expect(result.stdout).toContain('unexpected');
}, 20_000);
