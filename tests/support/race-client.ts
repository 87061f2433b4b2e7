/**
 * One competitor of a race, a process of its own: signs in is done by the parent; it connects, says "ready", waits for the
 * gate on standard input, then books once and prints the answer as one JSON line.
 * Arguments: base address, access token, start (RFC 3339), minutes.
 */
import { createInterface } from 'node:readline';
import { ApiClient } from './api-client.ts';

const [baseUrl = '', token = '', start = '', minutes = '30', name = 'Racer'] = process.argv.slice(2);
const client = new ApiClient(baseUrl, token);
await client.request('GET', '/api/auth/me');
console.log('ready');
for await (const line of createInterface({ input: process.stdin })) {
  if (line !== 'go') continue;
  const begun = performance.now();
  const answer = await client.book({ customer: { name }, start, durationMinutes: Number(minutes) });
  console.log(
    JSON.stringify({
      status: answer.status,
      code: answer.problem?.code,
      nearest: answer.problem?.nearestStarts?.length ?? 0,
      milliseconds: performance.now() - begun,
    }),
  );
  // Standard input and the kept connection would hold the process.
  process.exit(0);
}
