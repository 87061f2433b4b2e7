import type { Page } from 'playwright-core';

/** Everything a page can keep in a browser, as scripts of the page see it. */
export type BrowserStorage = {
  cookies: string;
  local: Record<string, string>;
  session: Record<string, string>;
  databases: string[];
  /** Answers kept for reading offline, by cache: the path of each and its text (empty for files of the app). */
  caches: Record<string, { path: string; text: string }[]>;
};

/** Settings of a browser, not of a person, and the values each may have. */
const settings: Readonly<Record<string, RegExp>> = {
  'daybook.theme': /^(light|dark)$/,
  'daybook.language': /^(en|fr|de)$/,
  'daybook.shortcuts': /^off$/,
  'daybook.provider': /^[0-9a-f-]{36}$/,
  // The atoms ask for it under this name.
  'timeOption.is24hClock': /^(true|false)$/,
};
const shellCache = /^daybook-shell-\d+$/;
const dataCache = /^daybook-data-\d+$/;
const shellFile = /^\/($|assets\/|config\.js$|favicon\.svg$)/;
const keptOfPractice =
  /^\/api\/(auth\/me|providers|practice|appointments|availability|blocks|appointment-types|calendar-connections)$/;

/** Reads every store of the browser that this page's origin has. */
export function readBrowserStorage(page: Page): Promise<BrowserStorage> {
  return page.evaluate<BrowserStorage>(`(async () => {
    const kept = {};
    for (const name of await caches.keys()) {
      const cache = await caches.open(name);
      kept[name] = [];
      for (const request of await cache.keys()) {
        const path = new URL(request.url).pathname;
        const answer = await cache.match(request, { ignoreVary: true });
        kept[name].push({ path, text: path.startsWith('/api/') && answer ? await answer.text() : '' });
      }
    }
    return {
      cookies: document.cookie,
      local: { ...localStorage },
      session: { ...sessionStorage },
      databases: (await indexedDB.databases()).map(({ name }) => name),
      caches: kept,
    };
  })()`);
}

/**
 * What a browser keeps against the rule of docs/security.md (S10), one line each; empty when it is kept. `signedIn`: whether the last
 * days for reading offline may be there.
 */
export function findUnruly(stored: BrowserStorage, signedIn: boolean): string[] {
  const found: string[] = [];
  if (stored.cookies !== '') found.push(`scripts can read cookies: ${stored.cookies}`);
  for (const [name, value] of Object.entries(stored.local))
    if (settings[name]?.test(value) !== true) found.push(`local storage: ${name} = ${value}`);
  for (const name of Object.keys(stored.session)) found.push(`session storage: ${name}`);
  for (const name of stored.databases) found.push(`a database: ${name}`);
  for (const [cache, entries] of Object.entries(stored.caches)) {
    const allowed = shellCache.test(cache) ? shellFile : dataCache.test(cache) && signedIn ? keptOfPractice : undefined;
    for (const { path, text } of entries) {
      if (allowed?.test(path) !== true) found.push(`${cache}: ${path}`);
      if (/eyJ[\w-]+\.|"(access|refresh)Token"/.test(text)) found.push(`${cache}: a token in ${path}`);
    }
  }
  return found;
}
