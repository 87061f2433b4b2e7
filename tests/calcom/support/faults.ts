/** A fault rule of the stand-in; see its README. */
export type FaultRule = Record<string, unknown> & { kind: string };

/** A way in which Cal.com fails; `rules` are set for its calls, `webhooks` are knobs of its deliveries. */
export type Fault = { name: string; rules: FaultRule[]; webhooks?: Record<string, unknown> };

const WRITES = [
  'createBooking',
  'rescheduleBooking',
  'cancelBooking',
  'markAbsent',
  'updateSchedule',
  'createSchedule',
  'createEventType',
  'updateEventType',
];

/** One rule for each kind of write, `times` for each, so that every operation of a batch meets the fault. */
const onWrites = (rule: FaultRule, times: number): FaultRule[] =>
  WRITES.map((operation) => ({ match: { operation }, times, ...rule }));

const gateway = '<html><body><h1>502 Bad Gateway</h1></body></html>';

/** Faults of the API. Each touches every write at least once; those that commit first lie about it. */
export const apiFaults: Fault[] = [
  { name: 'nothing wrong', rules: [] },
  { name: 'slow answers', rules: [{ kind: 'latency', latencyMs: 300 }] },
  { name: '500 before the work', rules: onWrites({ kind: 'status', status: 500 }, 2) },
  { name: '503 for everything', rules: [{ kind: 'status', status: 503, times: 12 }] },
  { name: 'connection closed', rules: onWrites({ kind: 'drop' }, 2) },
  { name: 'no answer', rules: onWrites({ kind: 'hang' }, 1) },
  { name: 'committed, then 500', rules: onWrites({ kind: 'commit_then_status', status: 500 }, 2) },
  { name: 'committed, then the connection closed', rules: onWrites({ kind: 'commit_then_drop' }, 2) },
  { name: 'committed, then no answer', rules: onWrites({ kind: 'commit_then_hang' }, 1) },
  { name: 'garbage with status 200', rules: onWrites({ kind: 'garbage', body: gateway }, 2) },
  {
    name: '429 with a reset of 2 s',
    rules: [
      {
        kind: 'rate_limit',
        times: 3,
        headers: { 'X-RateLimit-Reset-Default': '2', 'X-RateLimit-Remaining-Default': '0' },
      },
    ],
  },
  { name: 'rescheduledToUid late', rules: [{ kind: 'stale_rescheduled_to', match: { method: 'GET' }, times: 4 }] },
];

/** Faults of webhook delivery. */
export const webhookFaults: Fault[] = [
  { name: 'webhooks lost', rules: [], webhooks: { drop: 1 } },
  { name: 'webhooks twice', rules: [], webhooks: { duplicate: 1 } },
  { name: 'webhooks late', rules: [], webhooks: { delayMs: 1500 } },
  { name: 'webhooks in the wrong order', rules: [], webhooks: { reorder: true } },
  { name: 'webhooks before the commit', rules: [], webhooks: { timing: 'before_commit' } },
  { name: 'webhooks after the reply', rules: [], webhooks: { timing: 'after_reply' } },
];

/** Webhook knobs in their healthy place. */
export const healthyWebhooks = { timing: 'before_reply', drop: 0, duplicate: 0, delayMs: 0, reorder: false };
