import { startEmbeddedPostgres } from '../embedded-postgres.ts';
import { startNatsServer } from '../nats-server.ts';

// Started by tests as another account: brings both servers up and down in the folder that is its argument.
const folder = process.argv[2] ?? '';
const postgres = await startEmbeddedPostgres({ dataDirectory: `${folder}/postgres`, durable: false });
const nats = await startNatsServer({ storeDirectory: `${folder}/nats`, syncAlways: false });
await nats.stop();
await postgres.stop();
process.stdout.write(`both ran as ${process.getuid?.()} in ${postgres.clusterDirectory}\n`);
