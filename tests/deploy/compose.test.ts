import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { secretMakers } from '@daybook/provision/secret-values';
import { parse } from 'yaml';

const root = join(__dirname, '../..');
const read = (path: string): string => readFileSync(join(root, path), 'utf8');

type Service = {
  image?: string;
  command?: string[];
  environment?: Record<string, string>;
  depends_on?: Record<string, { condition: string }>;
  volumes?: string[];
  networks?: string[];
  ports?: string[];
  profiles?: string[];
  user?: string;
  read_only?: boolean;
  cap_drop?: string[];
  security_opt?: string[];
};
const compose = parse(read('compose.yaml'), { merge: true }) as {
  name: string;
  services: Record<string, Service>;
  networks: Record<string, { internal?: boolean }>;
  volumes: Record<string, object>;
};
const services = Object.entries(compose.services);
const ours = services.filter(([, { image = '' }]) => image.includes('DAYBOOK_IMAGE'));

/** What a service starts, and what that starts in turn. */
function startedBy(name: string): Set<string> {
  const all = new Set<string>();
  const waiting = Object.keys(compose.services[name]?.depends_on ?? {});
  for (let next = waiting.pop(); next !== undefined; next = waiting.pop()) {
    if (all.has(next)) continue;
    all.add(next);
    waiting.push(...Object.keys(compose.services[next]?.depends_on ?? {}));
  }
  return all;
}

test('every program, mounted file, volume, network and service that is named exists', () => {
  const missing: string[] = [];
  for (const [name, service] of services) {
    const [program = ''] = service.command ?? [];
    if (program.endsWith('.ts') && !existsSync(join(root, program))) missing.push(`${name}: ${program}`);
    for (const volume of service.volumes ?? []) {
      const [source = ''] = volume.split(':');
      const there = source.startsWith('./') ? existsSync(join(root, source)) : source in compose.volumes;
      if (!there) missing.push(`${name}: ${source}`);
    }
    for (const network of service.networks ?? [])
      if (!(network in compose.networks)) missing.push(`${name}: ${network}`);
    for (const other of Object.keys(service.depends_on ?? {}))
      if (!(other in compose.services)) missing.push(`${name}: ${other}`);
  }
  expect(missing).toEqual([]);
  expect(ours.length).toBeGreaterThan(12);
});

test('every secret a process reads is one that is made', () => {
  const derived = [...read('packages/provision/src/make-secret-files.ts').matchAll(/'([a-z-]+-service-tokens)'/g)];
  const made = new Set([...Object.keys(secretMakers), ...derived.map(([, name]) => name!)]);
  const wanted = services.flatMap(([name, { environment = {} }]) =>
    Object.values(environment).flatMap((value) => {
      const [, file] = /^\/secrets\/(.+)$/.exec(String(value)) ?? [];
      return file === undefined ? [] : [`${name}: ${file}`];
    }),
  );
  expect(wanted.length).toBeGreaterThan(20);
  expect(wanted.filter((each) => !made.has(each.split(': ')[1]!))).toEqual([]);
});

test('a service waits only for what a start brings about, whose health can be asked or whose end can be awaited', () => {
  for (const [name, { depends_on: needs = {} }] of services)
    for (const [other, { condition }] of Object.entries(needs)) {
      const target = compose.services[other] as Service & { restart?: string; healthcheck?: { disable?: boolean } };
      const once = target.restart === 'no';
      expect({ name, other, fits: once === (condition === 'service_completed_successfully') }).toMatchObject({
        fits: true,
      });
      if (condition === 'service_healthy') expect(target.healthcheck?.disable ?? false).toBe(false);
    }
});

test('a backup and a restore start no service of ours: a restore wants them stopped', () => {
  const stopped = /docker compose stop ([a-z -]+)\n/.exec(read('docs/operations/backup.md'))?.[1]?.split(' ') ?? [];
  expect(stopped).toEqual(expect.arrayContaining(['gateway', 'auth', 'scheduling', 'calcom-sync', 'backup']));
  expect([...startedBy('backup')].filter((name) => stopped.includes(name))).toEqual([]);
  expect(startedBy('backup')).toContain('postgres');
});

test('our containers run as 10001, cannot write, hold no capability and gain none', () => {
  for (const [, { user, read_only: readOnly, cap_drop: dropped, security_opt: options }] of ours)
    expect({ user, readOnly, dropped, options }).toEqual({
      user: '10001:10001',
      readOnly: true,
      dropped: ['ALL'],
      options: ['no-new-privileges:true'],
    });
});

test('only Caddy is reachable from outside; only calendar sync reaches out', () => {
  const open = services.filter(([, { ports = [] }]) => ports.some((port) => !port.startsWith('127.0.0.1:')));
  expect(open.map(([name]) => name)).toEqual(['caddy']);
  expect(compose.networks['inside']).toEqual({ internal: true });
  expect(services.filter(([, { networks }]) => networks?.includes('outside')).map(([name]) => name)).toEqual([
    'calcom-sync',
  ]);
});

test('the documents name the volumes, services and profiles that there are', () => {
  const pages = read('docs/operations/install-compose.md') + read('docs/operations/backup.md') + read('compose.yaml');
  const volumes = [...pages.matchAll(new RegExp(String.raw`-v ${compose.name}_([a-z-]+):`, 'g'))].map(
    ([, name]) => name!,
  );
  expect(volumes.length).toBeGreaterThan(1);
  expect(volumes.filter((name) => !(name in compose.volumes))).toEqual([]);
  const run = [...pages.matchAll(/docker compose run --rm (?:\\\n)?(?:\s*-e \S+(?: \\\n)?\s*)*([a-z-]+)/g)].map(
    ([, name]) => name!,
  );
  expect(new Set(run)).toEqual(new Set(['show-password', 'try-a-booking', 'backup']));
  const profiles = [...pages.matchAll(/--profile ([a-z]+)/g)].map(([, name]) => name!);
  const known = new Set(services.flatMap(([, service]) => service.profiles ?? []));
  expect(profiles.filter((name) => !known.has(name))).toEqual([]);
});
