import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { connect } from 'node:tls';
import { makeAuthority, makeLeaf } from '@daybook/provision/certificates';
import { findFreePort } from '@daybook/stack/free-port';
import { resolveNatsServer } from '@daybook/stack/nats-server';

const linux = process.platform === 'linux' ? describe : describe.skip;
const script = join(__dirname, '../../helm/daybook/files/reload-renewed.sh');

linux('the script beside the bundled servers', () => {
  const directory = mkdtempSync(join(tmpdir(), 'renewed-'));
  // Other servers of this machine have the usual name, and must not be told.
  const program = `nats${process.pid}`.slice(0, 15);
  const tls = join(directory, 'tls');
  const authority = makeAuthority('Ours', new Date());
  const started: ChildProcess[] = [];
  let port: number;
  let server: ChildProcess;

  /** As Kubernetes brings a Secret: all files exchanged at one moment, by a link to their folder. */
  function renew(): void {
    const { certificate, key } = makeLeaf(authority, ['localhost'], new Date());
    const folder = mkdtempSync(join(directory, 'version-'));
    for (const [name, text] of Object.entries({
      'tls.crt': certificate,
      'tls.key': key,
      'ca.crt': authority.certificate,
    }))
      writeFileSync(join(folder, name), text);
    rmSync(tls, { force: true });
    symlinkSync(folder, tls);
  }
  function start(command: string, args: string[]): ChildProcess & { said: () => string } {
    const child = spawn(command, args, {
      stdio: ['ignore', 'pipe', 'pipe'],
      env: { ...process.env, TMPDIR: directory, EVERY_SECONDS: '0.1' },
    });
    let said = '';
    for (const stream of [child.stdout, child.stderr]) stream.on('data', (bytes: Buffer) => (said += bytes.toString()));
    started.push(child);
    return Object.assign(child, { said: () => said });
  }
  const shown = (): Promise<string> =>
    new Promise((resolve, reject) => {
      const socket = connect({ host: '127.0.0.1', port, servername: 'localhost', ca: authority.certificate }, () => {
        resolve(socket.getPeerX509Certificate()!.fingerprint256);
        socket.destroy();
      });
      socket.on('error', reject);
    });
  async function eventually(holds: () => boolean | Promise<boolean>, what: string): Promise<void> {
    const deadline = Date.now() + 10_000;
    while (!(await holds())) {
      if (Date.now() > deadline) throw new Error(`did not come about: ${what}`);
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
  }

  beforeAll(async () => {
    renew();
    port = await findFreePort();
    const { binary } = await resolveNatsServer();
    mkdirSync(join(directory, 'bin'));
    const named = join(directory, 'bin', program);
    symlinkSync(binary, named);
    const configuration = join(directory, 'nats.conf');
    writeFileSync(
      configuration,
      `listen: "127.0.0.1:${port}"\ntls { cert_file: "${tls}/tls.crt", key_file: "${tls}/tls.key", handshake_first: true }\n`,
    );
    server = start(named, ['--config', configuration]);
    await eventually(() => shown().then(Boolean, () => false), 'the server answers');
  });
  afterAll(() => {
    for (const child of started) child.kill('SIGKILL');
    rmSync(directory, { recursive: true, force: true });
  });

  test('makes a running server show its renewed certificate, and misses none that came while it was away', async () => {
    const before = await shown();
    const watching = start('sh', [script, program, tls]);
    await eventually(() => watching.said().includes('watching the certificate'), 'the script watches');
    renew();
    await eventually(async () => (await shown()) !== before, 'the renewed certificate is shown');
    const second = await shown();
    watching.kill('SIGKILL');
    renew();
    expect(await shown()).toBe(second);
    const again = start('sh', [script, program, tls]);
    await eventually(async () => (await shown()) !== second, 'what came meanwhile is shown');
    await eventually(() => again.said().includes('reads its renewed certificate'), 'the script says so');
    expect(again.said().match(/reads its renewed/g)).toHaveLength(1);
    expect(server.exitCode).toBeNull();
    again.kill('SIGKILL');
  });

  test('says so, and tries again, when no such server runs', async () => {
    const watching = start('sh', [script, 'no-such-server', tls]);
    renew();
    await eventually(() => watching.said().includes('was not found'), 'the script complains');
    expect(watching.said()).not.toContain('reads its renewed');
    watching.kill('SIGKILL');
  });
});
