/** The page's script: every two seconds it takes the new content and leaves opened parts open. */
export const PAGE_SCRIPT = `
const EVERY_MS = 2000;
const stateMark = document.querySelector('#connection');

async function refresh() {
  try {
    const answer = await fetch('/', { cache: 'no-store' });
    const fresh = new DOMParser().parseFromString(await answer.text(), 'text/html').querySelector('main');
    const shown = document.querySelector('main');
    if (fresh && shown.innerHTML !== fresh.innerHTML) {
      for (const part of shown.querySelectorAll('details[id]')) {
        const same = fresh.querySelector('#' + part.id);
        if (same) same.open = part.open;
      }
      const focused = document.activeElement && document.activeElement.closest('details[id]');
      shown.replaceWith(fresh);
      if (focused) fresh.querySelector('#' + focused.id + ' > summary')?.focus();
    }
    stateMark.textContent = 'live';
    stateMark.className = 'live';
  } catch {
    stateMark.textContent = 'not reachable';
    stateMark.className = 'gone';
  }
}

setInterval(() => { if (!document.hidden) void refresh(); }, EVERY_MS);
document.addEventListener('visibilitychange', () => { if (!document.hidden) void refresh(); });
`.trimStart();
