import { parseArgs } from 'node:util';
import { ConfigError } from '@daybook/runtime/config';
import { readDoctorConfig } from './config.ts';
import { examine, sayFindings } from './examine.ts';

const usage = `Usage: node packages/operate/src/doctor.ts [--json] [--repair]
  Looks at every part that the environment names and says what to fix. Ends with 1 if something is wrong, 2 if it was asked
  wrongly.
  --json    one JSON object instead of lines
  --repair  makes missing streams and consumers of the broker again`;

async function main(): Promise<number> {
  const { values } = parseArgs({ options: { json: { type: 'boolean' }, repair: { type: 'boolean' } } });
  const findings = await examine(readDoctorConfig(), { repair: values.repair ?? false });
  return sayFindings(findings, values.json ?? false);
}

main().then(
  (code) => process.exit(code),
  (error: unknown) => {
    const asked = error instanceof ConfigError ? error.message : `${String(error)}\n${usage}`;
    process.stderr.write(`${asked}\n`);
    process.exit(2);
  },
);
