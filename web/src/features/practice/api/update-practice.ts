import type { Practice, PracticeRequest } from '@daybook/http-contract/practice';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { request } from '../../../lib/http.ts';
import { keys } from '../../../lib/query-keys.ts';
import { applyPractice } from './get-practice.ts';

/** What changes of the practice's particulars, as they were seen; undefined clears. The rest stays. */
export type PracticeChange = {
  before: Practice;
  change: { [Key in keyof PracticeRequest]?: PracticeRequest[Key] | undefined };
};

/** Changes the practice's particulars; refused when they changed since they were seen. */
export function updatePractice({ before, change }: PracticeChange) {
  const { version, lastProvenRestoreAt: _restore, ...now } = before;
  const body = Object.fromEntries(Object.entries({ ...now, ...change }).filter(([, value]) => value !== undefined));
  return request<Practice>({ method: 'PUT', path: '/api/practice', body, ifMatch: version });
}

/** Changes the practice's particulars; the app then speaks and writes by them. */
export function useUpdatePractice() {
  const client = useQueryClient();
  return useMutation({
    mutationFn: updatePractice,
    onSuccess: async (practice) => {
      await applyPractice(practice);
      client.setQueryData(keys.practice, practice);
    },
    onError: () => client.invalidateQueries({ queryKey: keys.practice }),
  });
}
