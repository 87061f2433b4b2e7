import { spawn } from 'node:child_process';
import { join } from 'node:path';

jest.setTimeout(30 * 60_000);

test('every deliberate fault of the list is noticed by the test that is there for it', async () => {
  const child = spawn(process.execPath, [join(__dirname, 'testing/check-mutants.ts')], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  let output = '';
  child.stdout.on('data', (chunk: Buffer) => {
    output += chunk.toString();
    process.stdout.write(chunk);
  });
  const code = await new Promise((resolve) => child.on('close', resolve));
  const lines = output.trim().split('\n');
  expect(lines.filter((line) => !line.startsWith('noticed '))).toEqual([]);
  expect(lines.length).toBeGreaterThan(25);
  expect(code).toBe(0);
});
