import { createServer } from 'node:net';
import type { AddressInfo } from 'node:net';
import { createLogger } from './logger.ts';
import { openDatabase, query } from './postgres.ts';

/** A message of PostgreSQL's protocol. */
function message(type: string, body: Buffer): Buffer {
  const length = Buffer.alloc(4);
  length.writeInt32BE(body.length + 4);
  return Buffer.concat([Buffer.from(type), length, body]);
}

test('a server that says it is ready and ends the connection in one packet ends no process', async () => {
  const welcome = message('R', Buffer.alloc(4));
  const ready = message('Z', Buffer.from('I'));
  const fatal = message('E', Buffer.from('SFATAL\0C57P01\0Mterminating connection due to administrator command\0\0'));
  const server = createServer((socket) => {
    socket.on('error', () => undefined);
    socket.once('data', () => socket.end(Buffer.concat([welcome, ready, fatal])));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  const database = openDatabase({
    url: `postgres://somebody:password@127.0.0.1:${port}/somewhere`,
    applicationName: 'test',
    logger: createLogger('test', 'silent'),
  });
  await expect(query(database, { text: 'SELECT 1' })).rejects.toMatchObject({ code: 'DATABASE_UNAVAILABLE' });
  await database.close();
  await new Promise((resolve) => server.close(resolve));
});
