import { createServer, type RequestListener, type Server } from 'node:http';
import { createServer as createSecureServer } from 'node:https';
import { createServer as createTcpServer, type AddressInfo, type Server as TcpServer, type Socket } from 'node:net';
import { startSandbox, type Sandbox } from '@daybook/calcom-sandbox/sandbox';
import { makeAuthority, makeLeaf } from '@daybook/provision/certificates';
import { Secret } from '@daybook/runtime/config';
import { testConnection, type ConnectionTest } from './test-connection.ts';

const key = new Secret('cal_sandbox');
const rules = { trustedUrl: undefined, allowedHosts: ['127.0.0.1', 'cal.test', 'localhost'] };
const resolve = (hostname: string) =>
  hostname === 'cal.test' || hostname === 'localhost'
    ? Promise.resolve([{ address: '127.0.0.1', family: 4 }])
    : Promise.reject(Object.assign(new Error('no such name'), { code: 'ENOTFOUND' }));
const options = { rules, timeoutMs: 700, resolve };
const open: (Server | TcpServer)[] = [];

function listen<T extends Server | TcpServer>(server: T): Promise<number> {
  open.push(server);
  return new Promise((done) => server.listen(0, '127.0.0.1', () => done((server.address() as AddressInfo).port)));
}

function serve(listener: RequestListener): Promise<number> {
  return listen(createServer(listener));
}

/** Which step failed last, and how it was said. */
function failure({ passed, steps }: ConnectionTest): [string | undefined, string | undefined] {
  const last = steps.at(-1);
  expect(passed).toBe(false);
  expect(steps.slice(0, -1).every((step) => step.passed)).toBe(true);
  expect(last?.passed).toBe(false);
  return [last?.step, last?.message];
}

afterEach(async () => {
  for (const server of open.splice(0)) {
    if ('closeAllConnections' in server) server.closeAllConnections();
    await new Promise((done) => server.close(done));
  }
});

describe('against the sandbox', () => {
  let sandbox: Sandbox;
  beforeEach(async () => {
    sandbox = await startSandbox({ rateLimitPerMinute: 100_000 });
  });
  afterEach(() => sandbox.stop());

  test('everything is well, and it says whose key it is', async () => {
    const found = await testConnection(sandbox.apiUrl, key, options);
    expect(found.steps.map(({ step, passed }) => [step, passed])).toEqual(
      ['address', 'name_lookup', 'reachable', 'base_path', 'api_version', 'key', 'permissions', 'account'].map(
        (step) => [step, true],
      ),
    );
    const [user] = sandbox.state.users;
    expect(found).toMatchObject({
      passed: true,
      baseUrl: sandbox.apiUrl,
      profile: 'self_hosted',
      account: { id: String(user?.id), name: user?.name, email: user?.email },
    });
  });

  test('nothing is written, and the key goes only to what answered as Cal.com', async () => {
    const before = JSON.stringify(sandbox.state);
    const seen: (string | undefined)[] = [];
    const port = await serve((request, response) => {
      seen.push(request.headers.authorization);
      response.writeHead(200, { 'content-type': 'text/html' }).end('<h1>A shop</h1>');
    });
    await testConnection(sandbox.apiUrl, key, options);
    expect(JSON.stringify(sandbox.state)).toBe(before);
    await testConnection(`http://127.0.0.1:${port}/v2`, key, options);
    expect(seen.length).toBeGreaterThan(0);
    expect(seen.every((header) => header === undefined)).toBe(true);
  });

  test('the address may be typed without /v2; at a wrong path the right one is named', async () => {
    expect(await testConnection(sandbox.url, key, options)).toMatchObject({ passed: true, baseUrl: sandbox.apiUrl });
    const wrong = await testConnection(`${sandbox.url}/v1`, key, options);
    expect(failure(wrong)).toEqual(['base_path', `The API is not at this path. Use ${sandbox.apiUrl}.`]);
    expect(wrong.baseUrl).toBe(sandbox.apiUrl);
  });

  test.each([
    ['cal_wrong', 'is not valid'],
    ['something', 'usually begin with cal_'],
    ['cal_süß', 'characters that no key has'],
  ])('the key %s', async (text, words) => {
    const [step, message] = failure(await testConnection(sandbox.apiUrl, new Secret(text), options));
    expect(step).toBe('key');
    expect(message).toContain(words);
    expect(message).not.toContain(text);
  });

  test('no key, an expired key, and the hosted profile are told apart', async () => {
    expect(failure(await testConnection(sandbox.apiUrl, undefined, options))).toEqual([
      'key',
      expect.stringContaining('No API key'),
    ]);
    const set = (settings: object) =>
      fetch(`${sandbox.url}/admin/settings`, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify(settings),
      });
    await set({ profile: 'hosted' });
    expect((await testConnection(sandbox.apiUrl, key, options)).profile).toBe('hosted');
    await set({ apiKeys: [{ key: 'cal_sandbox', expiresAt: '2020-01-01T00:00:00Z' }] });
    expect(failure(await testConnection(sandbox.apiUrl, key, options))).toEqual([
      'key',
      expect.stringContaining('expired'),
    ]);
  });

  test('a proxy that drops the version header or the key is found out', async () => {
    const dropping = (dropped: string) =>
      serve((request, response) => {
        const headers = Object.fromEntries(
          Object.entries(request.headers).filter(([name]) => name !== dropped && name !== 'host'),
        ) as Record<string, string>;
        void fetch(`${sandbox.url}${request.url}`, { headers }).then(async (answer) =>
          response.writeHead(answer.status, { 'content-type': 'application/json' }).end(await answer.text()),
        );
      });
    const withoutVersion = `http://127.0.0.1:${await dropping('cal-api-version')}/v2`;
    expect(failure(await testConnection(withoutVersion, key, options))[0]).toBe('api_version');
    const withoutKey = `http://127.0.0.1:${await dropping('authorization')}/v2`;
    expect(failure(await testConnection(withoutKey, key, options))).toEqual([
      'key',
      expect.stringContaining('drops the header Authorization'),
    ]);
  });
});

describe('the way there', () => {
  test('what is no address, and a name nobody has', async () => {
    expect(failure(await testConnection('https://', key, options))[0]).toBe('address');
    const elsewhere = { ...options, rules: { ...rules, allowedHosts: ['nowhere.test'] } };
    expect(failure(await testConnection('https://nowhere.test/v2', key, elsewhere))).toEqual([
      'name_lookup',
      expect.stringContaining('no host of this name'),
    ]);
  });

  test('an address that is not allowed is an error of its own, also behind a public name', async () => {
    await expect(testConnection('https://10.0.0.1/v2', key, options)).rejects.toMatchObject({
      code: 'ADDRESS_NOT_ALLOWED',
    });
    const inside = { ...options, resolve: () => Promise.resolve([{ address: '192.168.0.9', family: 4 }]) };
    await expect(testConnection('https://cal.example.com/v2', key, inside)).rejects.toMatchObject({
      code: 'ADDRESS_NOT_ALLOWED',
    });
  });

  test('nothing listens, and what listens never answers', async () => {
    const free = await serve(() => undefined);
    const listening = open.pop();
    await new Promise((done) => listening?.close(done));
    expect(failure(await testConnection(`http://127.0.0.1:${free}`, key, options))).toEqual([
      'reachable',
      expect.stringContaining('Nothing listens'),
    ]);
    const sockets: Socket[] = [];
    const silent = await listen(createTcpServer((socket) => void sockets.push(socket)));
    expect(failure(await testConnection(`http://127.0.0.1:${silent}`, key, options))).toEqual([
      'reachable',
      expect.stringContaining('did not answer in time'),
    ]);
    for (const socket of sockets) socket.destroy();
  });

  test.each([
    [503, 'reachable', 'status 503'],
    [404, 'base_path', 'not the API of Cal.com'],
  ])('a server that answers %i', async (status, step, words) => {
    const port = await serve((_request, response) => response.writeHead(status).end('<html></html>'));
    const found = failure(await testConnection(`http://127.0.0.1:${port}`, key, options));
    expect(found).toEqual([step, expect.stringContaining(words)]);
  });

  test('a server that sends callers elsewhere is not followed', async () => {
    const port = await serve((_request, response) =>
      response.writeHead(301, { location: 'https://elsewhere.example/v2/me' }).end(),
    );
    expect(failure(await testConnection(`http://127.0.0.1:${port}`, key, options))).toEqual([
      'base_path',
      expect.stringContaining('https://elsewhere.example'),
    ]);
  });
});

describe('certificates', () => {
  const authority = makeAuthority('An authority nobody knows', new Date());

  const leaf = makeLeaf(authority, ['cal.test'], new Date());

  async function secure(shown: { certificate: string; key: string }): Promise<number> {
    return listen(
      createSecureServer({ cert: shown.certificate, key: shown.key }, (_request, response) => response.end()),
    );
  }

  test.each([
    ['alone, without those above it', leaf, 'without those above it'],
    [
      'of an authority nobody knows',
      { ...leaf, certificate: leaf.certificate + authority.certificate },
      'nobody knows',
    ],
    ['that is no server’s', makeAuthority('cal.test', new Date()), 'not one for a server'],
  ])('%s', async (_name, shown, words) => {
    const port = await secure(shown);
    expect(failure(await testConnection(`https://cal.test:${port}/v2`, key, options))).toEqual([
      'tls',
      expect.stringContaining(words),
    ]);
  });

  test('a port that does not speak https', async () => {
    const port = await serve((_request, response) => response.end());
    expect(failure(await testConnection(`https://cal.test:${port}/v2`, key, options))).toEqual([
      'tls',
      expect.stringContaining('does not speak https'),
    ]);
  });
});
