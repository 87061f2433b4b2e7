import { Writable } from 'node:stream';
import { setTimeout as delay } from 'node:timers/promises';
import pg from 'pg';
import { copyOut } from './copy.ts';

/** A sink that is full after its first byte, and takes its time. */
function slowSink(): { sink: Writable; read: () => string } {
  const chunks: Buffer[] = [];
  const sink = new Writable({
    highWaterMark: 1,
    write(chunk: Buffer, _encoding, done) {
      chunks.push(chunk);
      void delay(20).then(() => done());
    },
  });
  return { sink, read: () => Buffer.concat(chunks).toString() };
}

test('a table that ends while its sink is full leaves the connection ready for the next', async () => {
  const client = new pg.Client({ connectionString: process.env['TEST_DATABASE_URL'] });
  await client.connect();
  try {
    for (const rows of [1, 3, 40]) {
      const { sink, read } = slowSink();
      const copied = copyOut(client, `COPY (SELECT n FROM generate_series(1, ${rows}) n) TO STDOUT`, sink);
      const limit = delay(3000, 'the connection stays silent', { ref: false });
      // Ended at once, as a backup does: a sink that was ended drains no more.
      const next = copied.then(async (count) => {
        sink.end();
        await client.query('SELECT 1');
        return count;
      });
      expect(await Promise.race([next, limit])).toBe(rows);
      await new Promise((resolve) => (sink.writableFinished ? resolve(undefined) : sink.once('finish', resolve)));
      expect(read().trim().split('\n').length).toBe(rows);
    }
  } finally {
    await client.end();
  }
});
