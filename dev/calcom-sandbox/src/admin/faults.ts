import { isRecord } from '../http/validation.ts';

/** What a rule can do to a request; see the README for each. */
export const FAULT_KINDS = [
  'status',
  'latency',
  'hang',
  'commit_then_status',
  'commit_then_hang',
  'commit_then_drop',
  'drop',
  'garbage',
  'rate_limit',
  'unauthorized',
  'stale_rescheduled_to',
] as const;

/** One of the kinds. */
export type FaultKind = (typeof FAULT_KINDS)[number];

/** A rule: an absent `match` applies to every `/v2` request, an absent `times` without end. */
export type FaultRule = {
  match?: { method?: string; path?: string; operation?: string };
  kind: FaultKind;
  status?: number;
  latencyMs?: number;
  headers?: Record<string, string>;
  body?: unknown;
  times?: number;
  probability?: number;
};

/** A rule with the number of requests it has been applied to. */
export type FaultState = FaultRule & { applied: number };

/** The present rules and the choice among them. */
export type FaultBook = {
  list(): FaultState[];
  replace(rules: FaultRule[]): void;
  /** Latency rules that apply and the first other rule that does; both are counted as applied. */
  choose(request: { method: string; path: string; operation: string | null }): {
    latencyMs: number;
    rule: FaultRule | null;
  };
};

const NUMBERS = ['status', 'latencyMs', 'times', 'probability'];

function readRule(value: unknown, index: number): FaultRule {
  const fail = (why: string): never => {
    throw new Error(`rules[${index}]: ${why}`);
  };
  if (!isRecord(value)) return fail('must be an object');
  const { kind, match = {}, headers = {} } = value;
  if (!FAULT_KINDS.some((known) => known === kind)) return fail(`kind must be one of ${FAULT_KINDS.join(', ')}`);
  for (const name of NUMBERS) {
    const given = value[name];
    if (given !== undefined && (typeof given !== 'number' || !(given >= 0)))
      fail(`${name} must be a number of 0 or more`);
  }
  if (value['status'] !== undefined && (Number(value['status']) < 200 || Number(value['status']) > 599)) {
    fail('status must be between 200 and 599');
  }
  if (!isRecord(headers) || !Object.values(headers).every((one) => typeof one === 'string'))
    fail('headers must map to strings');
  if (!isRecord(match) || !Object.values(match).every((one) => typeof one === 'string'))
    return fail('match must map to strings');
  const unknown = Object.keys(match).find((key) => !['method', 'path', 'operation'].includes(key));
  if (unknown !== undefined) fail(`match.${unknown} is not known`);
  if (typeof match['path'] === 'string') new RegExp(match['path']);
  return value as FaultRule;
}

/** Reads the body of `POST /admin/faults`. Throws an `Error` that names the wrong rule. */
export function readFaultRules(body: unknown): FaultRule[] {
  if (!isRecord(body) || !Array.isArray(body['rules'])) throw new Error('the body must be {"rules": [...]}');
  return body['rules'].map(readRule);
}

function matches(rule: FaultRule, request: { method: string; path: string; operation: string | null }): boolean {
  const { method, path, operation } = rule.match ?? {};
  if (method !== undefined && method.toUpperCase() !== request.method) return false;
  if (operation !== undefined && operation !== request.operation) return false;
  return path === undefined || new RegExp(path).test(request.path);
}

/** Makes an empty book; `random` gives fractions in [0, 1) for rules with a probability. */
export function createFaultBook(random: () => number): FaultBook {
  let rules: FaultState[] = [];
  return {
    list: () => structuredClone(rules),
    replace: (next) => {
      rules = next.map((rule) => ({ ...rule, applied: 0 }));
    },
    choose: (request) => {
      let latencyMs = 0;
      for (const rule of rules) {
        if (rule.times !== undefined && rule.applied >= rule.times) continue;
        if (!matches(rule, request)) continue;
        if (rule.probability !== undefined && random() >= rule.probability) continue;
        rule.applied += 1;
        if (rule.kind !== 'latency') return { latencyMs: latencyMs + (rule.latencyMs ?? 0), rule };
        latencyMs += rule.latencyMs ?? 0;
      }
      return { latencyMs, rule: null };
    },
  };
}
