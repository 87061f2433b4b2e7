/**
 * A load generator in a process of its own: so many callers read one appointment again and again.
 * Arguments: `http` and a full address, `echo` and the address of the JSON echo, or `grpc` and host:port; access token; the
 * appointment's id, for `echo` the text to send; callers; seconds.
 * Prints one JSON line: {done, p50}.
 */
import { Agent, request } from 'node:http';
import { SchedulingServiceClient } from '@daybook/protos/packages';
import { callUnary, createGrpcClient } from '@daybook/runtime/grpc-client';
import { percentile } from './statistics.ts';

const [way = '', target = '', token = '', id = '', callers = '16', seconds = '2'] = process.argv.slice(2);

/** @param body sent as JSON; absent: a GET */
function byHttp(body?: string): () => Promise<unknown> {
  const agent = new Agent({ keepAlive: true, maxSockets: Number(callers) });
  const sent =
    body === undefined ? {} : { 'content-type': 'application/json', 'content-length': Buffer.byteLength(body) };
  const headers = { authorization: `Bearer ${token}`, ...sent };
  const method = body === undefined ? 'GET' : 'POST';
  return () =>
    new Promise<void>((resolve, reject) => {
      const outgoing = request(target, { agent, method, headers }, (answer) => {
        answer.resume();
        answer.once('end', () => {
          if (answer.statusCode === 200) resolve();
          else reject(new Error(`${target} answered ${answer.statusCode}`));
        });
      });
      outgoing.once('error', reject);
      outgoing.end(body);
    });
}

function byGrpc(): () => Promise<unknown> {
  const client = createGrpcClient({ constructor: SchedulingServiceClient, address: target, tls: null });
  return () => callUnary(client, 'getAppointment', { id }, { deadlineMs: 5000, bearer: token });
}

const ask = way === 'grpc' ? byGrpc() : byHttp(way === 'echo' ? id : undefined);
await Promise.all(Array.from({ length: Number(callers) * 4 }, ask));
const latencies: number[] = [];
const end = performance.now() + Number(seconds) * 1000;
await Promise.all(
  Array.from({ length: Number(callers) }, async () => {
    while (performance.now() < end) {
      const begun = performance.now();
      await ask();
      latencies.push(performance.now() - begun);
    }
  }),
);
console.log(JSON.stringify({ done: latencies.length + Number(callers) * 4, p50: percentile(latencies, 0.5) }));
process.exit(0);
