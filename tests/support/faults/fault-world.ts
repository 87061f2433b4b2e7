import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { until } from '@daybook/runtime/testing';
import type { Stack, StackOptions } from '@daybook/stack/start-stack';
import { differences, readSandboxState } from '../../calcom/support/both-sides.ts';
import { openAccounts } from '../../security/people.ts';
import { ApiClient, alwaysOpen } from '../api-client.ts';
import type { Operation } from '../history.ts';
import { RecordedLoad, seededRandom } from '../load.ts';
import { rowsOf } from '../rows-of.ts';
import { owner, startTestStack } from '../stack.ts';
import { crashPointEnvironment } from './arm-crash-point.ts';
import {
  countOverlaps,
  findDeadlocks,
  findLeaks,
  listSecrets,
  readCalls,
  readDelays,
  readLedger,
  readServerLogs,
  readStored,
  readStuck,
  readUnapplied,
  replayKeys,
} from './gather-evidence.ts';
import { compareHeld, readHeld, type Held } from './held-resources.ts';
import { checkInvariants, type Evidence } from './invariants.ts';
import { startMetronome, type Tick } from './metronome.ts';

/** The seed of this run: given by DAYBOOK_SEED, else of the clock. Printed by every scenario. */
export const seed = Number(process.env['DAYBOOK_SEED'] ?? Date.now() % 1_000_000);

/** One fault of the matrix. */
export type Scenario = {
  /** Its number and what happens, such as `F4 PostgreSQL is killed`. */
  name: string;
  /** Breaks things while clients book, and heals them before it resolves. */
  inject: (world: FaultWorld, random: () => number) => Promise<void>;
  clients?: number;
  pauseMs?: number;
  /** Load before the fault, and after it healed, ms. */
  calmMs?: number;
  /** The fault is off the booking path: nothing may fail, nothing may take longer (I9). */
  offPath?: boolean;
  /** How long both sides may take to become equal. */
  settleMs?: number;
  /** Processes that are expected to live on, whose memory and open files must come back (I10); all unless told. */
  gateways?: readonly string[];
  /** Cal.com answers no call well while the fault lasts, so that it may only be probed (I8). */
  calcomAway?: boolean;
  /** A message nobody can read lies among the others, which must not wait for it (I13). */
  poison?: boolean;
  /** Cal.com's own fault rules make 429 part of the scenario. */
  throttledByRule?: boolean;
};

/** What a scenario came to, for the log and for docs/long-lane.md. */
export type Result = {
  name: string;
  operations: number;
  ok: number;
  refused: number;
  unknown: number;
  settledMs: number;
};

/** Of a scenario: by the clock nobody sets, and the beginning of the fault as UTC ISO 8601. */
type Times = { broken: number; healed: number; since: string };

/** A whole Daybook with two replicas of each service, under recorded load, that is broken and then examined. */
export class FaultWorld {
  readonly stack: Stack;
  /** Of the owner, for looking. */
  api: ApiClient;
  /** Arms crash points; see arm-crash-point.ts. */
  readonly crashFolder: string;
  readonly #remove: () => Promise<void>;
  readonly #lines: string[];
  readonly #history: Operation[] = [];
  readonly #fellBack: string[] = [];
  readonly #versions = new Map<string, number>();
  readonly #tokens: string[] = [];
  readonly #logFolders: string[];
  #stranger: ApiClient;
  #scenarios = 0;

  private constructor(parts: {
    stack: Stack;
    api: ApiClient;
    stranger: ApiClient;
    crashFolder: string;
    lines: string[];
    logFolders: string[];
    remove: () => Promise<void>;
  }) {
    this.stack = parts.stack;
    this.api = parts.api;
    this.#stranger = parts.stranger;
    this.crashFolder = parts.crashFolder;
    this.#lines = parts.lines;
    this.#logFolders = parts.logFolders;
    this.#remove = parts.remove;
  }

  /** Starts everything; `crashPoints` puts the named points into scheduling and calendar sync. */
  static async open(
    options: Partial<StackOptions> & { crashPoints?: boolean; logFolders?: string[] } = {},
  ): Promise<FaultWorld> {
    const { crashPoints = false, logFolders = [], ...given } = options;
    const crashFolder = join(process.env['TMPDIR'] ?? '/tmp', `daybook-crash-${process.pid}-${Date.now()}`);
    const points = crashPoints ? crashPointEnvironment(crashFolder) : {};
    const lines: string[] = [];
    const { stack, stopAndRemove } = await startTestStack({
      replicas: { gateway: 2, auth: 2, scheduling: 2, 'calcom-sync': 2 },
      quiet: false,
      log: (line) => lines.push(line),
      ...given,
      extraEnv: {
        ...given.extraEnv,
        scheduling: { ...points, ...given.extraEnv?.scheduling },
        // Short deadlines, so that a fault is over within a test; the same code runs with the long ones.
        'calcom-sync': {
          CALCOM_TIMEOUT_MS: '1000',
          CALCOM_SETTLE_MS: '500',
          COALESCE_MS: '200',
          LEASE_MS: '3000',
          CHANGES_POLL_MS: '5000',
          ...points,
          ...given.extraEnv?.['calcom-sync'],
        },
      },
    });
    const remove = async (): Promise<void> => {
      await stopAndRemove();
      await rm(crashFolder, { recursive: true, force: true });
    };
    try {
      const api = await ApiClient.signIn(stack.gatewayUrl, owner);
      await api.replaceAvailability(alwaysOpen());
      const { stranger } = await openAccounts(stack);
      await stranger.replaceAvailability(alwaysOpen());
      return new FaultWorld({ stack, api, stranger, crashFolder, lines, logFolders, remove });
    } catch (error) {
      await remove();
      throw error;
    }
  }

  /** Stops everything and removes its data. */
  close(): Promise<void> {
    return this.#remove();
  }

  /** Runs load, breaks, heals, waits until both sides are equal, and answers every invariant that does not hold. */
  async run(scenario: Scenario): Promise<{ faults: string[]; result: Result }> {
    const { name, clients = 6, pauseMs = 40, calmMs = 1500, settleMs = 120_000 } = scenario;
    process.stdout.write(`${name}: DAYBOOK_SEED=${seed}\n`);
    const random = seededRandom(seed + this.#scenarios);
    await this.#signInAgain();
    const before = await readHeld(this.stack);
    const deadlocksBefore = findDeadlocks(readServerLogs(this.#serverLogFolders())).length;
    const metronome = startMetronome(this.stack);
    // A token lives ten minutes; a long scenario takes a new one before that.
    const renewing = setInterval(() => void this.#signInAgain().catch(() => undefined), 180_000);
    const load = new RecordedLoad({
      gatewayUrls: scenario.gateways ?? this.stack.gatewayUrls,
      token: () => this.api.token!,
      clients,
      seed: seed + this.#scenarios * 100,
      days: 10,
      pauseMs,
      // Within what may be booked ahead; later scenarios come back to the first days.
      firstDay: 30 + ((this.#scenarios * 10) % 110),
      prefix: `s${this.#scenarios}-`,
    });
    this.#scenarios += 1;
    const watching = this.#watchVersions();
    const spying = this.#spy();
    const mark = (await readCalls(this.stack, 0)).at(-1)?.seq ?? 0;
    await delay(calmMs);
    const broken = performance.now();
    let injected: unknown;
    try {
      await scenario.inject(this, random);
    } catch (error) {
      injected = error;
    }
    const healed = performance.now();
    const since = new Date(Date.now() - (healed - broken)).toISOString();
    await delay(calmMs);
    await load.finish(this.api);
    clearInterval(renewing);
    this.#history.push(...load.history);
    const foreign = [...(await spying.stop()), ...misheard(load.history)];
    if (injected !== undefined) throw new Error(`${name} could not be played (seed ${seed})`, { cause: injected });

    const begun = performance.now();
    await this.#settle(settleMs);
    const settledMs = Math.round(performance.now() - begun);
    await watching.stop();
    const ticks = await metronome.stop();
    const times = { broken, healed, since };
    const evidence = await this.#gather({ before, deadlocksBefore, foreign, mark, scenario, times, ticks, load });
    const faults = checkInvariants(evidence);
    const count = (outcome: Operation['outcome']): number =>
      load.history.filter((operation) => operation.outcome === outcome).length;
    const result = {
      name,
      operations: load.history.length,
      ok: count('ok'),
      refused: count('fail'),
      unknown: count('unknown'),
      settledMs,
    };
    process.stdout.write(
      `${name}: ${result.operations} operations, ${result.ok} ok, ${result.refused} refused, ${result.unknown} unknown; ` +
        `fault ${Math.round(healed - broken)} ms, equal after ${settledMs} ms; seed ${seed}\n`,
    );
    return { faults, result };
  }

  /** A kill of any process, and the wait until it serves again. */
  async kill(name: 'gateway' | 'auth' | 'scheduling' | 'calcom-sync', replica: number): Promise<void> {
    const victim = this.stack.process(name, replica);
    const pid = victim.pid;
    victim.kill('SIGKILL');
    await until(() => victim.pid !== pid, { timeoutMs: 20_000, what: `${name} to be started again` });
    await victim.waitReady();
  }

  /** Adds what a scenario's own clients did to the history. */
  record(...operations: Operation[]): void {
    this.#history.push(...operations);
  }

  async #signInAgain(): Promise<void> {
    this.api = await ApiClient.signIn(this.stack.gatewayUrl, owner);
    this.#tokens.push(this.api.token ?? '');
  }

  async #settle(timeoutMs: number): Promise<void> {
    let left = '';
    await until(
      async () => {
        const { bookings } = await readSandboxState(this.stack.sandboxUrl!);
        const waiting = (await readLedger(this.stack)).filter(({ state }) => state !== 'in_step');
        const stuck = await readStuck(this.stack);
        const unequal = differences(await this.api.allAppointments(), bookings);
        left = [...unequal, ...stuck, ...waiting.map(({ id, state }) => `${id} is ${state}`)].slice(0, 5).join('; ');
        return left === '';
      },
      { timeoutMs, intervalMs: 500, what: 'both sides equal' },
      // What is left is named by the checker, invariant by invariant.
    ).catch((error: unknown) => process.stdout.write(`${String(error)}: ${left}\n`));
  }

  async #gather(given: {
    before: Held;
    deadlocksBefore: number;
    foreign: string[];
    mark: number;
    scenario: Scenario;
    times: Times;
    ticks: readonly Tick[];
    load: RecordedLoad;
  }): Promise<Evidence> {
    const { stack, api } = this;
    const { bookings } = await readSandboxState(stack.sandboxUrl!);
    const serverLogs = readServerLogs(this.#serverLogFolders());
    const calls = await readCalls(stack, given.mark);
    const { scenario, times } = given;
    return {
      history: this.#history,
      appointments: await api.allAppointments(),
      overlapsBySql: await countOverlaps(stack),
      replays: await replayKeys(api, given.load.history, 40),
      stored: await readStored(stack),
      unapplied: await readUnapplied(stack),
      ledger: await readLedger(stack),
      fellBack: this.#fellBack,
      bookings,
      throttled: scenario.throttledByRule
        ? 0
        : calls.filter(({ status, fault }) => status === 429 && fault === null).length,
      outageCalls: scenario.calcomAway
        ? calls.filter(({ fault }) => fault !== null).map(({ at }) => Date.parse(at))
        : undefined,
      offPath: scenario.offPath ? this.#pace(given.load, times, given.ticks) : undefined,
      resources: compareHeld(given.before, await readHeld(stack)),
      besidePoison: scenario.poison ? await readDelays(stack, times.since) : undefined,
      deadlocks: findDeadlocks(serverLogs).slice(given.deadlocksBefore),
      foreign: given.foreign,
      stuck: await readStuck(stack),
      leaks: findLeaks([...this.#lines, ...serverLogs], listSecrets(stack, this.#tokens)),
    };
  }

  #serverLogFolders(): string[] {
    return [join(this.stack.dataDirectory, 'postgres'), join(this.stack.dataDirectory, 'nats'), ...this.#logFolders];
  }

  #pace(load: RecordedLoad, { broken, healed }: Times, ticks: readonly Tick[]): Evidence['offPath'] {
    const books = load.history.filter(({ kind }) => kind === 'book');
    const took = ({ invokedAt, completedAt }: Operation): number => completedAt - invokedAt;
    const during = books.filter(({ invokedAt }) => invokedAt >= broken && invokedAt < healed);
    return {
      before: books.filter(({ completedAt }) => completedAt < broken).map(took),
      during: during.map(took),
      control: {
        before: ticks.filter(({ at }) => at < broken).map(({ ms }) => ms),
        during: ticks.filter(({ at }) => at >= broken && at < healed).map(({ ms }) => ms),
      },
      refused: during.filter(({ completedAt }) => completedAt === Number.POSITIVE_INFINITY).length,
    };
  }

  /** The owner of another practice looks all the time and must never see anything of ours. */
  #spy(): { stop(): Promise<string[]> } {
    const seen: string[] = [];
    let running = true;
    const loop = (async () => {
      while (running) {
        const list = await this.#stranger
          .request<{ items: { id: string }[] }>('GET', '/api/appointments?limit=20')
          .catch(() => undefined);
        if (list?.status === 200 && list.body.items.length > 0)
          seen.push(`another practice was shown ${list.body.items.length} appointments of ours`);
        const [ours] = this.#history.slice(-1);
        if (ours?.appointmentId) {
          const one = await this.#stranger.appointment(ours.appointmentId).catch(() => undefined);
          if (one?.status === 200) seen.push(`another practice was shown ${ours.appointmentId}`);
        }
        await delay(250);
      }
    })();
    return {
      stop: async () => {
        running = false;
        await loop;
        return [...new Set(seen)];
      },
    };
  }

  /** Reads again and again which versions calendar sync has applied: none may ever fall. */
  #watchVersions(): { stop(): Promise<void> } {
    let running = true;
    const look = async (): Promise<void> => {
      const rows = await rowsOf<{ id: string; wanted: number; done: number }>(
        this.stack.databaseUrls.calcomSync,
        'SELECT appointment_id AS id, wanted_version AS wanted, done_version AS done FROM calendar_links',
      );
      for (const { id, wanted, done } of rows)
        for (const [what, version] of [
          ['wanted', wanted],
          ['done', done],
        ] as const) {
          const known = this.#versions.get(`${what} ${id}`) ?? 0;
          if (version < known) this.#fellBack.push(`${id} fell from ${known} to ${version} (${what})`);
          this.#versions.set(`${what} ${id}`, Math.max(known, version));
        }
    };
    const loop = (async () => {
      while (running) {
        // While the database is broken there is nothing to see.
        await look().catch(() => undefined);
        await delay(300);
      }
    })();
    return {
      stop: async () => {
        running = false;
        await loop;
      },
    };
  }
}

/** Answers that told of another appointment than the one that was asked about. */
function misheard(history: readonly Operation[]): string[] {
  const keyOf = new Map(
    history.flatMap(({ kind, key, appointmentId }) => (kind === 'book' ? [[appointmentId, key]] : [])),
  );
  return history.flatMap(({ kind, key, appointmentId, heard }) => {
    const expected = kind === 'book' ? key : keyOf.get(appointmentId);
    return heard === undefined || heard === expected ? [] : [`the answer about ${expected} held ${heard}`];
  });
}
