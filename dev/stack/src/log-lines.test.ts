import { formatLogLine, isRoutineLine } from './log-lines.ts';

const at = new Date(2026, 0, 2, 3, 4, 5, 6);

test('a JSON line becomes time, process, level, message and fields', () => {
  const line = JSON.stringify({
    level: 40,
    time: at.getTime(),
    pid: 1,
    hostname: 'h',
    traceId: '4bf92f3577b34da6a3ce929d0e0e4736',
    msg: 'slow',
    ms: 12,
    err: { code: 'X1', message: 'no' },
  });
  expect(formatLogLine('auth', line, { colour: false })).toBe(
    '03:04:05.006 auth           warn  slow traceId=4bf92f3577b34da6a3ce929d0e0e4736 ms=12 err=X1: no',
  );
});

test.each(['plain words', '{not json', ''])('a line that is no JSON stays as it is: %p', (line) => {
  expect(formatLogLine('auth', line, { colour: false, now: at })).toBe(`03:04:05.006 auth           info  ${line}`);
});

test('levels by name and times as text are understood too', () => {
  const line = JSON.stringify({ level: 'error', time: at.toISOString(), msg: 'bad' });
  expect(formatLogLine('auth', line, { colour: false })).toBe('03:04:05.006 auth           error bad');
});

test('colours are used only when asked for, and replicas share one', () => {
  const escape = String.fromCharCode(27);
  const coloured = (name: string) => formatLogLine(name, 'x', { colour: true, now: at }).split(escape)[3];
  expect(coloured('gateway#2')?.split('m')[0]).toBe(coloured('gateway')?.split('m')[0]);
  expect(coloured('gateway')).toContain('gateway');
  expect(formatLogLine('gateway', 'x', { colour: false })).not.toContain(escape);
});

test.each([
  [{ level: 30, msg: 'rpc finished' }, true],
  [{ level: 'info', msg: 'request' }, true],
  [{ level: 30, msg: 'listening' }, false],
  [{ level: 40, msg: 'request' }, false],
])('only what went well and says nothing new is routine: %j', (line, routine) => {
  expect(isRoutineLine(JSON.stringify(line))).toBe(routine);
  expect(isRoutineLine('no json')).toBe(false);
});
