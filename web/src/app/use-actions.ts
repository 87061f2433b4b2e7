import { useQueryClient } from '@tanstack/react-query';
import { useMemo } from 'react';
import { useTranslation } from 'react-i18next';
import { loadDeskTexts } from '../i18n/setup.ts';
import { usePractice } from '../lib/practice.tsx';
import type { Actions } from './actions.ts';

/** The actions, each of which is loaded before it runs and therefore promises its answer. */
export type LateActions = {
  [Name in keyof Actions]: (...given: Parameters<Actions[Name]>) => Promise<Awaited<ReturnType<Actions[Name]>>>;
};

/** What can be done to an appointment or to blocked time; its code comes with the first thing that is done. */
export function useActions(): LateActions {
  const client = useQueryClient();
  const { t } = useTranslation();
  const { timeZone, locale } = usePractice();
  return useMemo(() => {
    const load = async () => {
      const [{ makeActions }] = await Promise.all([import('./actions.ts'), loadDeskTexts()]);
      return makeActions({ client, t, timeZone, locale });
    };
    return {
      offerMoveBack: async (before, moved) => (await load()).offerMoveBack(before, moved),
      offerRestore: async (cancelled) => (await load()).offerRestore(cancelled),
      moveAppointment: async (before, to, override) => (await load()).moveAppointment(before, to, override),
      restore: async (cancelled) => (await load()).restore(cancelled),
      recordAttendance: async (before, attendance) => (await load()).recordAttendance(before, attendance),
      block: async (body) => (await load()).block(body),
      changeBlock: async (before, body) => (await load()).changeBlock(before, body),
      freeBlock: async (before) => (await load()).freeBlock(before),
    };
  }, [client, t, timeZone, locale]);
}
