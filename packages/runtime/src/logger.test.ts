import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { closeSync, existsSync, openSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { pino } from 'pino';
import { loggerOptions } from './logger.ts';
import { runWithTrace } from './trace-context.ts';

function capture(write: (logger: pino.Logger) => void): Record<string, unknown> {
  let line = '';
  write(pino(loggerOptions('test', 'info'), { write: (text: string) => void (line += text) }));
  return JSON.parse(line) as Record<string, unknown>;
}

test('lines carry the trace id of their request', () => {
  const traceparent = '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01';
  const line = capture((logger) => runWithTrace(traceparent, () => logger.info('hello')));
  expect(line).toMatchObject({
    level: 'info',
    name: 'test',
    msg: 'hello',
    traceId: '0af7651916cd43dd8448eb211c80319c',
  });
});

test('secrets and personal data are hidden where they are likely to slip in', () => {
  const personal = { email: 'anna@example.org', phone: '+352 1', notes: 'knee' };
  const line = capture((logger) =>
    logger.info({ password: 'pw-1', request: { authorization: 'Bearer abc', customer: personal } }, 'x'),
  );
  const text = JSON.stringify(line);
  for (const value of ['pw-1', 'Bearer abc', ...Object.values(personal)]) expect(text).not.toContain(value);
});

test('of a database error only allowed fields are written', () => {
  const error = Object.assign(new Error('duplicate key'), {
    code: '23505',
    constraint: 'customers_email',
    detail: 'Key (email)=(anna@example.org) already exists.',
    parameters: ['anna@example.org'],
  });
  const line = capture((logger) => logger.error({ err: new Error('outer', { cause: error }) }, 'x'));
  expect(JSON.stringify(line)).not.toContain('anna@');
  expect(line['err']).toMatchObject({ message: 'outer', cause: { code: '23505', constraint: 'customers_email' } });
});

test('whatever a value holds, one event is one line that says when, how grave and by whom', () => {
  const forged = '{"level":"error","msg":"forged"}';
  let written = '';
  const logger = pino(loggerOptions('test', 'info'), { write: (text: string) => void (written += text) });
  logger.warn({ username: `a\n${forged}`, path: `/x\r\n${forged}`, err: new Error(`b\n${forged}`) }, `c\n${forged}`);
  expect(written.trimEnd().split(/[\r\n]/)).toHaveLength(1);
  const line = JSON.parse(written) as { time: string };
  expect(line).toMatchObject({ level: 'warn', name: 'test', msg: `c\n${forged}` });
  expect(line.time).toMatch(/^\d{4}-\d{2}-\d{2}T[\d:.]+Z$/);
});

/** A device that is always full; Linux has it. */
const fullDisk = '/dev/full';

(existsSync(fullDisk) ? test : test.skip)(
  'a full disk costs lines: the process goes on, and ends when it wants to',
  async () => {
    const script = `
    const { createLogger } = await import(${JSON.stringify(pathToFileURL(join(__dirname, 'logger.ts')).href)});
    const logger = createLogger('test');
    for (let round = 0; round < 3; round += 1) {
      logger.info('lost');
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
    process.stderr.write('went on');`;
    const output = openSync(fullDisk, 'w');
    const child = spawn(process.execPath, ['--input-type=module', '-e', script], {
      stdio: ['ignore', output, 'pipe'],
      timeout: 20_000,
    });
    closeSync(output);
    let heard = '';
    child.stderr?.on('data', (data: Buffer) => (heard += data.toString()));
    const [code] = (await once(child, 'exit')) as [number | null];
    expect([code, heard]).toEqual([0, 'went on']);
  },
);
