import fc from 'fast-check';
import { histories, playHistory } from '../testing/two-sides-histories.ts';

const HISTORIES = 1_000_000;
const CHUNK = 50_000;

test(`both sides end equal over ${HISTORIES} histories`, async () => {
  for (let played = 0, seed = 1; played < HISTORIES; played += CHUNK, seed += 1) {
    await fc.assert(
      fc.asyncProperty(histories, async (commands) => {
        const wrong = await playHistory(commands);
        if (wrong !== undefined) throw new Error(wrong);
      }),
      { numRuns: CHUNK, seed },
    );
  }
}, 3_600_000);
