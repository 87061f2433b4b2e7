import { once } from 'node:events';
import { createServer } from 'node:net';
import { setTimeout as delay } from 'node:timers/promises';

/** Ports nobody has, so many, below those the system gives to outgoing connections, which would take one before it is used. */
export async function freePorts(count: number): Promise<number[]> {
  const found: number[] = [];
  for (let port = 19_300; found.length < count; port += 1) {
    const server = createServer();
    const isFree = await new Promise<boolean>((resolve) => {
      server.once('error', () => resolve(false)).listen(port, '127.0.0.1', () => resolve(true));
    });
    server.close();
    if (isFree) found.push(port);
  }
  return found;
}

type Answer = { id?: number; result?: Record<string, number>; error?: { message: string } };

type Target = { webSocketDebuggerUrl: string };

/** The inspector of a process that was started with `--inspect-port`; a signal opens it. */
async function openInspector(pid: number, port: number): Promise<Target> {
  process.kill(pid, 'SIGUSR1');
  for (let tries = 1; ; tries += 1) {
    try {
      const [target] = (await (await fetch(`http://127.0.0.1:${port}/json/list`)).json()) as [Target];
      return target;
    } catch (error) {
      if (tries === 50) throw error;
      await delay(100);
    }
  }
}

/**
 * Megabytes of live objects of a process that runs with `--inspect-port=127.0.0.1:<port>`: what its heap holds right after
 * a whole collection, which is asked for through its inspector.
 */
export async function collectedHeap(pid: number, port: number): Promise<number> {
  const target = await openInspector(pid, port);
  const socket = new WebSocket(target.webSocketDebuggerUrl);
  await once(socket, 'open');
  let asked = 0;
  const ask = (method: string): Promise<Record<string, number>> =>
    new Promise((resolve, reject) => {
      const id = (asked += 1);
      const hear = ({ data }: MessageEvent): void => {
        const answer = JSON.parse(String(data)) as Answer;
        if (answer.id !== id) return;
        socket.removeEventListener('message', hear);
        if (answer.result) resolve(answer.result);
        else reject(new Error(`${method}: ${answer.error?.message ?? 'no answer'}`));
      };
      socket.addEventListener('message', hear);
      socket.send(JSON.stringify({ id, method }));
    });
  try {
    await ask('HeapProfiler.enable');
    await ask('HeapProfiler.collectGarbage');
    return (await ask('Runtime.getHeapUsage'))['usedSize']! / 2 ** 20;
  } finally {
    socket.close();
  }
}
