/*
 * Keeps the app and the last days that were looked at, so that they can be read without a connection. The server is always asked
 * first; only when no answer comes at all the kept one is given, marked with the moment it was true. Nothing of the practice stays
 * after signing out: what was kept of it goes with the session.
 */
const shellCache = 'daybook-shell-1';
const dataCache = 'daybook-data-1';
const storedAt = 'X-Daybook-Stored-At';
const mostAnswers = 24;
const mostFiles = 150;
const longestMs = 3 * 24 * 60 * 60 * 1000;

const kept =
  /^\/api\/(auth\/me|providers|practice|appointments|availability|blocks|appointment-types|calendar-connections)$/;

self.addEventListener('install', () => self.skipWaiting());
self.addEventListener('activate', (event) => event.waitUntil(begin()));
self.addEventListener('message', (event) => {
  if (Array.isArray(event.data?.keep)) event.waitUntil(keepFiles(event.data.keep));
});
self.addEventListener('fetch', (event) => {
  const { request } = event;
  const url = new URL(request.url);
  if (url.origin !== self.location.origin) return;
  if (request.mode === 'navigate') event.respondWith(givePage(request));
  else if (request.method === 'GET' && url.pathname.startsWith('/assets/')) event.respondWith(giveFile(request));
  else if (request.method === 'GET' && ['/config.js', '/favicon.svg'].includes(url.pathname)) {
    event.respondWith(giveFresh(request));
  } else if (request.method === 'GET' && kept.test(url.pathname)) event.respondWith(giveAnswer(request, url));
  else if (request.method === 'POST' && url.pathname.startsWith('/api/auth/'))
    event.respondWith(passSession(request, url));
});

async function begin() {
  const names = await caches.keys();
  await Promise.all(names.filter((name) => ![shellCache, dataCache].includes(name)).map((name) => caches.delete(name)));
  await self.clients.claim();
}

/** The files the page runs on came before this worker did. */
async function keepFiles(addresses) {
  const cache = await caches.open(shellCache);
  const known = await cache.keys();
  if (known.length > mostFiles) await Promise.all(known.map((request) => cache.delete(request)));
  const own = addresses.filter((address) => new URL(address, self.location.href).origin === self.location.origin);
  await Promise.all(
    ['/', '/config.js', '/favicon.svg', ...own].map(async (address) => {
      if ((await cache.match(address)) === undefined) await cache.add(address).catch(() => undefined);
    }),
  );
}

/** Every place of the app is the same page. */
async function givePage(request) {
  const cache = await caches.open(shellCache);
  try {
    const page = await fetch(request);
    const isApp =
      page.ok && (page.headers.get('Content-Type') ?? '').includes('html') && !request.url.includes('/api/');
    if (isApp) await cache.put('/', page.clone());
    return page;
  } catch (error) {
    const page = await cache.match('/');
    if (page === undefined) throw error;
    return page;
  }
}

/** A file whose name changes with its content. */
async function giveFile(request) {
  const cache = await caches.open(shellCache);
  const known = await cache.match(request);
  if (known !== undefined) return known;
  const file = await fetch(request);
  if (file.ok) await cache.put(request, file.clone());
  return file;
}

async function giveFresh(request) {
  const cache = await caches.open(shellCache);
  try {
    const file = await fetch(request);
    if (file.ok) await cache.put(request, file.clone());
    return file;
  } catch (error) {
    const known = await cache.match(request);
    if (known === undefined) throw error;
    return known;
  }
}

async function giveAnswer(request, url) {
  const cache = await caches.open(dataCache);
  // A search is not a day: it would only fill the store.
  const isWorthKeeping = !url.searchParams.has('q') && !url.searchParams.has('cursor');
  try {
    const answer = await fetch(request);
    if (answer.ok && isWorthKeeping) await keepAnswer(cache, request, answer.clone());
    return answer;
  } catch (error) {
    const known = await cache.match(request, { ignoreVary: true });
    const at = Date.parse(known?.headers.get(storedAt) ?? '');
    if (known === undefined || !(Date.now() - at < longestMs)) throw error;
    return known;
  }
}

async function keepAnswer(cache, request, answer) {
  const headers = new Headers(answer.headers);
  headers.set(storedAt, new Date().toISOString());
  await cache.delete(request, { ignoreVary: true });
  await cache.put(request, new Response(await answer.blob(), { status: answer.status, headers }));
  const known = await cache.keys();
  await Promise.all(known.slice(0, Math.max(0, known.length - mostAnswers)).map((oldest) => cache.delete(oldest)));
}

/** Signing in or out, or a session that cannot be renewed, ends what was kept of the session before. */
async function passSession(request, url) {
  const answer = await fetch(request);
  const isOver = url.pathname === '/api/auth/refresh' ? answer.status === 401 : /\/(login|logout)$/.test(url.pathname);
  if (isOver) await caches.delete(dataCache);
  return answer;
}
