import type { Browser, Page } from 'playwright-core';

type TraceEvent = {
  name: string;
  cat: string;
  ph: string;
  pid: number;
  tid: number;
  ts: number;
  dur?: number;
  tdur?: number;
  args?: { data?: { type?: string } };
};

/**
 * The milliseconds that a page's own thread works from the press of a button until the picture that shows a part for the first time: what
 * a hand waits for, without what the screen does afterwards and without what other processes do meanwhile.
 * @param selector of a part that is added to the body
 * @param act what presses
 */
export async function workUntilSeen(
  browser: Browser,
  page: Page,
  selector: string,
  act: () => Promise<unknown>,
): Promise<number> {
  await page.evaluate(`globalThis.seen = new Promise((done) => {
    const watch = new MutationObserver(() => {
      if (document.querySelector(${JSON.stringify(`body > ${selector}`)}) === null) return;
      watch.disconnect();
      // A message that is sent before a picture is drawn arrives after it.
      requestAnimationFrame(() => {
        const { port1, port2 } = new MessageChannel();
        port1.onmessage = () => done(performance.mark('seen'));
        port2.postMessage('');
      });
    });
    watch.observe(document.body, { childList: true });
  });0`);
  await browser.startTracing(page, { categories: ['devtools.timeline', 'toplevel', 'blink.user_timing'] });
  await act();
  await page.evaluate('globalThis.seen.then(() => 0)');
  const trace = JSON.parse((await browser.stopTracing()).toString()) as { traceEvents: TraceEvent[] };
  const seen = trace.traceEvents.find(({ name, cat }) => name === 'seen' && cat.includes('user_timing'));
  const mine = trace.traceEvents.filter(({ pid, tid }) => pid === seen?.pid && tid === seen.tid);
  const press = mine.find(({ name, args }) => name === 'EventDispatch' && args?.data?.type === 'mousedown');
  if (seen === undefined || press === undefined) throw new Error(`nothing was pressed before ${selector} was seen`);
  const tasks = mine.filter(({ name, ph }) => ph === 'X' && name.endsWith('RunTask'));
  const between = tasks.filter(({ ts, dur = 0 }) => ts + dur >= press.ts && ts < seen.ts);
  if (between.length === 0) throw new Error('the trace holds no work of the page');
  return between.reduce((sum, { tdur = 0 }) => sum + tdur, 0) / 1000;
}
