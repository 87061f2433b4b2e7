/** One request as remembered; never holds credentials. `at` is UTC ISO 8601; `status` is null when unanswered. */
export type LoggedRequest = {
  seq: number;
  at: string;
  method: string;
  path: string;
  query: string;
  version: string | null;
  operation: string | null;
  requestId: string;
  status: number | null;
  fault: string | null;
};

const LENGTH = 1000;

/** A ring of recent requests and a counter per operation. */
export type RequestLog = {
  add(entry: Omit<LoggedRequest, 'seq' | 'status' | 'fault'>): LoggedRequest;
  /** Requests after a sequence number, or at and after an ISO 8601 instant; all when absent. */
  since(mark: string | null): LoggedRequest[];
  counters(): Record<string, number>;
  clear(): void;
};

/** Makes an empty log. Sequence numbers keep counting after `clear`. */
export function createRequestLog(): RequestLog {
  let entries: LoggedRequest[] = [];
  let counts = new Map<string, number>();
  let seq = 0;
  return {
    add: (given) => {
      seq += 1;
      const entry: LoggedRequest = { seq, ...given, status: null, fault: null };
      entries.push(entry);
      if (entries.length > LENGTH) entries.shift();
      const name = given.operation ?? 'unknown';
      counts.set(name, (counts.get(name) ?? 0) + 1);
      return entry;
    },
    since: (mark) => {
      if (mark === null || mark === '') return entries;
      if (/^\d+$/.test(mark)) return entries.filter((entry) => entry.seq > Number(mark));
      const time = Date.parse(mark);
      return entries.filter((entry) => Date.parse(entry.at) >= time);
    },
    counters: () => Object.fromEntries(counts),
    clear: () => {
      entries = [];
      counts = new Map();
    },
  };
}
