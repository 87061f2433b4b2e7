import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import type { Stack } from '@daybook/stack/start-stack';
import type { Caller } from './caller.ts';
import { cpuOf, inProcess } from './processes.ts';
import type { Row } from './report.ts';
import { show, summarize, type Summary } from './statistics.ts';

type Load = { done: number; p50: number };
const callers = 16;

async function startEcho(body: string): Promise<{ pid: number | undefined; url: string; stop(): void }> {
  const child = spawn(process.execPath, [join(import.meta.dirname, 'echo-server.ts'), body], {
    stdio: ['ignore', 'pipe', 'inherit'],
    env: { ...process.env, NODE_ENV: 'production' },
  });
  const [line] = (await once(createInterface({ input: child.stdout }), 'line')) as [string];
  return { pid: child.pid, url: `http://127.0.0.1:${line}/echo`, stop: () => void child.kill() };
}

const warmSeconds = 1.5;

/**
 * P4: one appointment read through the gateway, whose CPU time is set against that of a bare Express 5 which is sent the
 * same bytes as JSON and sends them back, and whose p50 against the same question asked of scheduling itself by gRPC.
 */
export async function benchProxiedCalls(
  stack: Stack,
  options: { caller: Caller; token: string; schedulingAddress: string; rounds: number; seconds: number },
): Promise<{ rows: Row[]; ratio: Summary }> {
  const { caller, token, rounds, seconds } = options;
  const id = await caller.book();
  const path = `/api/appointments/${id}`;
  const body = JSON.stringify(await caller.get(path));
  const echo = await startEcho(body);
  const ratios: number[] = [];
  const toPlain: number[] = [];
  const added: number[] = [];
  try {
    const load = (way: string, target: string, length = seconds): Promise<Load> =>
      inProcess<Load>('read-load.ts', way, target, token, way === 'echo' ? body : id, callers, length);
    const perCall = async (
      way: 'http' | 'echo',
      pid: number | undefined,
      url: string,
    ): Promise<Load & { cpu: number }> => {
      const before = cpuOf(pid);
      const answer = await load(way, url);
      return { ...answer, cpu: (cpuOf(pid) - before) / answer.done };
    };
    const proxiedUrl = `${stack.gatewayUrl}${path}`;
    // Each server first runs until its hot paths are compiled.
    await load('echo', echo.url, warmSeconds);
    await load('http', echo.url, warmSeconds);
    await load('http', proxiedUrl, warmSeconds);
    for (let round = 0; round < rounds; round += 1) {
      const bare = await perCall('echo', echo.pid, echo.url);
      const plain = await perCall('http', echo.pid, echo.url);
      const direct = await load('grpc', options.schedulingAddress);
      const proxied = await perCall('http', stack.process('gateway').pid, proxiedUrl);
      ratios.push(proxied.cpu / bare.cpu);
      toPlain.push(proxied.cpu / plain.cpu);
      added.push(proxied.p50 - direct.p50);
    }
  } finally {
    echo.stop();
  }
  const ratio = summarize(ratios);
  const delta = summarize(added);
  return {
    ratio,
    rows: [
      {
        goal: 'P4',
        what: "the gateway's CPU time per proxied read, to a bare Express 5 that echoes the same bytes as JSON",
        measured: `${show(ratio)}×`,
        wanted: '≤ 4×',
        met: ratio.median <= 4,
      },
      {
        goal: 'P4',
        what: 'the same, to a bare Express 5 that is sent nothing and only answers them',
        measured: `${show(summarize(toPlain))}×`,
        wanted: '-',
      },
      {
        goal: 'P4',
        what: `p50 by HTTP less p50 by gRPC straight to scheduling, ${callers} callers`,
        measured: `${show(delta, 1)} ms`,
        wanted: '≤ 2 ms',
        met: delta.median <= 2,
      },
    ],
  };
}
