import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';

const root = join(__dirname, '../..');

/** What a line of .dockerignore matches: a path, and everything below it. */
function matcherOf(pattern: string): RegExp {
  const anywhere = pattern.startsWith('**/');
  const rest = anywhere ? pattern.slice(3) : pattern;
  const text = rest.replaceAll('.', String.raw`\.`).replaceAll('*', '[^/]*');
  return new RegExp(`^${anywhere ? '(.*/)?' : ''}${text}(/.*)?$`);
}

const ignored = readFileSync(join(root, '.dockerignore'), 'utf8')
  .split('\n')
  .filter((line) => line !== '' && !line.startsWith('#') && !line.startsWith('!'))
  .map(matcherOf);
const reachesTheBuild = (path: string): boolean => !ignored.some((pattern) => pattern.test(path));

/** What the image's own stage takes from the checkout. */
const copied = readFileSync(join(root, 'Dockerfile'), 'utf8')
  .split(/^FROM /m)
  .find((stage) => stage.includes(' AS app\n'))!
  .split('\n')
  .filter((line) => line.startsWith('COPY --from=sources '))
  .flatMap((line) => line.split(' ').slice(2, -1))
  .map((path) => path.replace(/^\/src\//, ''))
  // Used while the image is built, and removed.
  .filter((path) => path !== 'dev/write-sbom.mjs');

const tracked = execFileSync('git', ['ls-files', '-z'], { cwd: root, encoding: 'utf8' }).split('\0').filter(Boolean);

test('the image takes the services’ folders one by one, never the whole checkout', () => {
  expect(copied).toEqual(expect.arrayContaining(['protos', 'packages', 'services', 'gateway', 'LICENSE']));
  expect(copied.filter((path) => /^(\.|\*|\/)$|^(\.daybook|k8s|helm|compose)/.test(path))).toEqual([]);
});

test.each([
  '.env',
  'services/auth/.env',
  'gateway/.env.production',
  'services/auth/signing-key.pem',
  'packages/runtime/tls/server.key',
  'services/scheduling/npm-debug.log',
  'dev/calcom-sandbox/.daybook/secrets.json',
  '.git/config',
  'services/auth/node_modules/left-over/index.js',
])('a secret left lying at %s stays out of the build', (path) => {
  expect(reachesTheBuild(path)).toBe(false);
});

test('every source file of what the image runs does reach the build', () => {
  const sources = tracked.filter((path) => copied.some((folder) => path === folder || path.startsWith(`${folder}/`)));
  expect(sources.length).toBeGreaterThan(200);
  expect(sources.filter((path) => !reachesTheBuild(path))).toEqual([]);
});

test('no file under version control holds a private key, a live key or a token', () => {
  const secret =
    /-----BEGIN (?:EC |RSA |OPENSSH |ENCRYPTED )?PRIVATE KEY-----\\?\n?\s*[A-Za-z0-9+/]{40}|cal_live_[a-z0-9]{16,}|\bgh[pousr]_[A-Za-z0-9]{36}|\bAKIA[0-9A-Z]{16}\b|\beyJ[A-Za-z0-9_-]{20,}\.eyJ[A-Za-z0-9_-]{20,}\.[A-Za-z0-9_-]{20,}/;
  expect(secret.test(`-----BEGIN PRIVATE KEY-----\n${'A'.repeat(64)}`)).toBe(true);
  const told = tracked
    .filter((path) => !/\.(png|svg|woff2?|binpb|ico|webp|gz)$/.test(path))
    .filter((path) => secret.test(readFileSync(join(root, path), 'utf8')));
  expect(told).toEqual([]);
});
