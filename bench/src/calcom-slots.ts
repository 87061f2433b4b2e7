import { execFile } from 'node:child_process';
import { mkdtemp, readFile, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { promisify } from 'node:util';
import dayjs, { type Dayjs } from 'dayjs';
import isBetween from 'dayjs/plugin/isBetween.js';
import minMax from 'dayjs/plugin/minMax.js';
import type { Row } from './report.ts';
import { busyOf, cases, daybook, spanOf, time, timeCold, zone, type Case, type Span } from './slots.ts';
import { percentile, show, summarize, type Summary } from './statistics.ts';

dayjs.extend(isBetween);
dayjs.extend(minMax);

const run = promisify(execFile);
const wanted = '@calcom/platform-libraries@0.0.360';

type Range = { start: Dayjs; end: Dayjs };

/** The parts of Cal.com's generator that make slots of hours and bookings. */
type Generator = {
  buildDateRanges(question: object): { dateRanges: Range[] };
  subtract(ranges: Range[], taken: Range[]): Range[];
  buildSlotsWithDateRanges(question: object): { time: Dayjs }[];
};

/** The package's folder: CALCOM_LIBRARIES, else unpacked into the scratch folder. Its own dependencies are not published. */
async function fetchPackage(scratch: string): Promise<string> {
  const given = process.env['CALCOM_LIBRARIES'];
  if (given) return given;
  const pack = ['pack', wanted, '--silent', '--pack-destination', scratch];
  const { stdout } = await run('npm', pack, { timeout: 60_000, cwd: scratch });
  await run('tar', ['xzf', join(scratch, stdout.trim().split('\n').at(-1)!), '-C', scratch]);
  return join(scratch, 'package');
}

function cut(text: string, from: string, to: string): string {
  const [begin, end] = [text.indexOf(from), text.indexOf(to)];
  if (begin < 0 || end < begin) throw new Error(`the package no longer holds "${from}" before "${to}"`);
  return text.slice(begin, end);
}

/**
 * The package asks for others that exist in Cal.com's own repository only, so it cannot be imported whole. The generator
 * needs none of them: its two stretches of the published files are made a module that is given dayjs.
 */
async function loadGenerator(folder: string, scratch: string): Promise<Generator> {
  const files = await readdir(join(folder, 'dist'));
  const ranges = files.find((file) => /^date-ranges-.*\.js$/.test(file));
  if (!ranges) throw new Error('the package no longer has date ranges in a file of their own');
  const read = (file: string): Promise<string> => readFile(join(folder, 'dist', file), 'utf8');
  const parts = [
    cut(await read(ranges), 'function getAdjustedTimezone', 'export {'),
    cut(await read('slots.js'), 'const minimumOfOne', 'const getSlots = ('),
  ];
  const file = join(scratch, 'generator.mjs');
  const names = 'buildDateRanges, subtract, buildSlotsWithDateRanges';
  await writeFile(file, `export function create(dayjs) {\n${parts.join('\n')}\nreturn { ${names} };\n}\n`);
  const { create } = (await import(pathToFileURL(file).href)) as { create: (library: typeof dayjs) => Generator };
  return create(dayjs);
}

function listByCalcom(generator: Generator, { stepMinutes }: Case, span: Span, busy: readonly Span[]): Dayjs[] {
  const { dateRanges } = generator.buildDateRanges({
    timeZone: zone,
    availability: [
      {
        days: [0, 1, 2, 3, 4, 5, 6],
        startTime: new Date(Date.UTC(1970, 0, 1, 9)),
        endTime: new Date(Date.UTC(1970, 0, 1, 17)),
      },
    ],
    dateFrom: dayjs(span.start).tz(zone),
    dateTo: dayjs(span.end - 1).tz(zone),
    travelSchedules: [],
  });
  const taken = busy.map(({ start, end }) => ({ start: dayjs(start), end: dayjs(end) }));
  const slots = generator.buildSlotsWithDateRanges({
    dateRanges: generator.subtract(dateRanges, taken),
    frequency: stepMinutes,
    eventLength: stepMinutes,
    timeZone: zone,
    minimumBookingNotice: 0,
  });
  return slots.map((slot) => slot.time);
}

type Figures = { name: string; warm: Summary; cold: Summary };

function compare(generator: Generator, rounds: number): Figures[] {
  return cases.map((one) => {
    const [busy, span] = [busyOf(one), spanOf(one)];
    const theirs = (): Dayjs[] => listByCalcom(generator, one, span, busy);
    const ours = (): number[] => daybook(one, span, busy);
    const text = theirs().map((start) => start.toISOString());
    if (
      text.join('\n') !==
      ours()
        .map((start) => new Date(start).toISOString())
        .join('\n')
    )
      throw new Error(`the slots differ from Cal.com's: ${one.name}`);
    for (let warm = 0; warm < 300; warm += 1) ours();
    const warm: number[] = [];
    const cold: number[] = [];
    for (let round = 0; round < rounds; round += 1) {
      const reference = Math.min(...[1, 2, 3].map(() => time(theirs)));
      const repeats = Array.from({ length: 100 }, () => time(ours));
      warm.push(reference / percentile(repeats, 0.5));
      cold.push(reference / timeCold(one, span, busy));
    }
    return { name: one.name, warm: summarize(warm), cold: summarize(cold) };
  });
}

/** P5 against the published generator of Cal.com, outputs equal byte for byte; where it cannot be had, a remark says so. */
export async function benchCalcomSlots(rounds: number): Promise<{ rows: Row[]; remark: string }> {
  const scratch = await mkdtemp(join(tmpdir(), 'daybook-calcom-'));
  try {
    const folder = await fetchPackage(scratch).catch((error: unknown) => {
      console.log(`P5: ${wanted} could not be fetched: ${String(error).split('\n')[0]}`);
      return undefined;
    });
    if (folder === undefined)
      return { rows: [], remark: `${wanted} could not be fetched here, so it was not compared.` };
    const figures = compare(await loadGenerator(folder, scratch), rounds);
    return {
      remark: `${wanted} from the npm registry, whose starts equalled ours byte for byte in every case.`,
      rows: figures.flatMap(({ name, warm, cold }) => [
        {
          goal: 'P5',
          what: `slots of 30 days, ${name}, to Cal.com's published generator, warm`,
          measured: `${show(warm, 0)}×`,
          wanted: '≥ 100×',
          met: warm.median >= 100,
        },
        {
          goal: 'P5',
          what: 'the same, of a zone never asked about before',
          measured: `${show(cold, 0)}×`,
          wanted: '≥ 50×',
          met: cold.median >= 50,
        },
      ]),
    };
  } finally {
    await rm(scratch, { recursive: true, force: true });
  }
}
