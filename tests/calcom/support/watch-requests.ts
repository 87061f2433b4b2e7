import { turnKnob } from './both-sides.ts';

type Seen = { seq: number; operation: string | null; status: number | null };

/** Counts what the stand-in is asked from now on. It remembers the last thousand requests only, so it is read every second. */
export function watchRequests(sandboxUrl: string): {
  stop(): Promise<{ throttled: number; counted: Record<string, number> }>;
} {
  const counted: Record<string, number> = {};
  let throttled = 0;
  let last = -1;
  const read = async (): Promise<void> => {
    const { requests } = (await turnKnob(sandboxUrl, 'GET', `/requests?since=${Math.max(0, last)}`)) as {
      requests: Seen[];
    };
    const fresh = last < 0 ? [] : requests.filter(({ seq }) => seq > last);
    if (fresh.length > 0 && fresh[0]!.seq > last + 1)
      throw new Error('requests came faster than they could be counted');
    for (const { operation, status } of fresh) {
      counted[operation ?? 'unknown'] = (counted[operation ?? 'unknown'] ?? 0) + 1;
      if (status === 429) throttled += 1;
    }
    last = requests.at(-1)?.seq ?? Math.max(0, last);
  };
  let fault: unknown;
  let running = read();
  const timer = setInterval(() => {
    running = running.then(read).catch((error: unknown) => {
      fault ??= error;
    });
  }, 1000);
  return {
    stop: async () => {
      clearInterval(timer);
      await running.catch(() => undefined);
      await read();
      if (fault !== undefined) throw fault instanceof Error ? fault : new Error('the requests could not be counted');
      return { throttled, counted };
    },
  };
}
