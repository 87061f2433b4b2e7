import { problems as contractProblems } from '@daybook/http-contract/problems';
import type { ProblemCode } from '@daybook/http-contract/problems';

/** The contract's own English: what happened, and what to do. */
const problemWords = Object.fromEntries(
  Object.entries(contractProblems).map(([code, { title, advice }]) => [code, `${title}. ${advice}`]),
) as Record<ProblemCode, string>;

/** Every refusal of the public contract. Without these words a refusal is told by its own title. */
export const problems = { problems: problemWords };
