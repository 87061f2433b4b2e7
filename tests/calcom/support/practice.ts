import type { AppointmentType } from '@daybook/http-contract/practice';
import type { Stack, StackOptions } from '@daybook/stack/start-stack';
import { ApiClient, alwaysOpen, isLate } from '../../support/api-client.ts';
import { owner, startTestStack } from '../../support/stack.ts';
import { healthyWebhooks, type Fault } from './faults.ts';
import { turnKnob } from './both-sides.ts';

/** A running Daybook with the stand-in, its practice open at all hours, and the knobs that the suites turn. */
export type CalcomPractice = {
  stack: Stack;
  api: ApiClient;
  sandboxUrl: string;
  /** Sets a fault; what was set before is gone. */
  break(fault: Fault): Promise<void>;
  heal(): Promise<void>;
  /** Works while a fault is there; one that does not end by itself is ended after 2.5 s, and every one afterwards. */
  during(fault: Fault, work: () => Promise<void>): Promise<void>;
  /** Number of the newest request the stand-in has seen. */
  mark(): Promise<number>;
  /** What the stand-in has been asked since a mark: how often, by operation. */
  asked(since: number): Promise<Record<string, number>>;
  stop(): Promise<void>;
};

const HEAL_AFTER_MS = 2500;

/** Short deadlines, so that a fault is over within the time of a test; the same code runs with the long ones. */
const quick = { CALCOM_TIMEOUT_MS: '1000', CALCOM_SETTLE_MS: '500', COALESCE_MS: '200', LEASE_MS: '3000' };

/**
 * Starts everything; `environment` is added to calcom-sync's. With `webhooks` the stand-in can call the gateway, so that changes
 * made there are told at once; without, they are found by asking.
 */
export async function openCalcomPractice(
  options: Partial<StackOptions> & { environment?: Record<string, string>; webhooks?: boolean } = {},
): Promise<CalcomPractice> {
  const { webhooks = false, ...given } = options;
  const environment = { ...(webhooks ? {} : { PUBLIC_URL: '' }), ...given.environment };
  const { stack, stopAndRemove } = await startTestStack({
    ...given,
    extraEnv: { ...given.extraEnv, 'calcom-sync': { ...quick, ...given.extraEnv?.['calcom-sync'], ...environment } },
  });
  try {
    const sandboxUrl = stack.sandboxUrl ?? '';
    const api = await ApiClient.signIn(stack.gatewayUrl, owner);
    await openAtAllHours(api);
    return { stack, api, sandboxUrl, ...knobs(sandboxUrl), stop: stopAndRemove };
  } catch (error) {
    await stopAndRemove();
    throw error;
  }
}

async function openAtAllHours(api: ApiClient): Promise<void> {
  let answer = await api.replaceAvailability(alwaysOpen());
  for (let again = 0; again < 5 && isLate(answer); again += 1) answer = await api.replaceAvailability(alwaysOpen());
  if (answer.status !== 200) throw new Error(`the hours answered ${answer.status} ${answer.problem?.code ?? ''}`);
}

function knobs(sandboxUrl: string): Pick<CalcomPractice, 'break' | 'heal' | 'during' | 'mark' | 'asked'> {
  const requests = async (since: number) => {
    const { requests: list } = (await turnKnob(sandboxUrl, 'GET', `/requests?since=${since}`)) as {
      requests: { seq: number; operation: string | null }[];
    };
    return list;
  };
  const set = async (fault: Fault): Promise<void> => {
    await turnKnob(sandboxUrl, 'POST', '/faults', { rules: fault.rules });
    await turnKnob(sandboxUrl, 'POST', '/settings', { webhooks: { ...healthyWebhooks, ...fault.webhooks } });
  };
  const heal = () => set({ name: 'nothing wrong', rules: [] });
  return {
    break: set,
    heal,
    during: async (fault, work) => {
      await set(fault);
      const healing = setTimeout(() => void heal(), HEAL_AFTER_MS);
      try {
        await work();
      } finally {
        clearTimeout(healing);
        await heal();
      }
    },
    mark: async () => (await requests(0)).at(-1)?.seq ?? 0,
    asked: async (since) => {
      const counts: Record<string, number> = {};
      for (const { operation } of await requests(since)) counts[operation ?? ''] = (counts[operation ?? ''] ?? 0) + 1;
      return counts;
    },
  };
}

/** The appointment types of the practice, the usual one first. */
export async function listTypes(api: ApiClient): Promise<AppointmentType[]> {
  const { body } = await api.request<{ items: AppointmentType[] }>('GET', '/api/appointment-types');
  return body.items;
}

/** Changes some members of an appointment type, as the app does: everything is sent, by its version. */
export async function changeType(
  api: ApiClient,
  { id, isDefault: _default, version, ...type }: AppointmentType,
  changes: Partial<AppointmentType>,
): Promise<AppointmentType> {
  const answer = await api.request<AppointmentType>('PUT', `/api/appointment-types/${id}`, {
    body: { ...type, ...changes },
    headers: { 'if-match': `"${version}"` },
  });
  if (answer.status !== 200) throw new Error(`the type answered ${answer.status} ${answer.problem?.code ?? ''}`);
  return answer.body;
}
