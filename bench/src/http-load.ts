/**
 * A load generator in a process of its own: keep-alive connections, each booking free times one after the other.
 * Arguments: base address, access token, provider ids (comma separated), connections, seconds, first day ahead.
 * Prints one JSON line: {done, failed, seconds, latencies: [ms…]}.
 */
import { Agent, request } from 'node:http';

const [baseUrl = '', token = '', providers = '', connections = '32', seconds = '5', firstDay = '1'] =
  process.argv.slice(2);
const agent = new Agent({ keepAlive: true, maxSockets: Number(connections) });
const providerIds = providers.split(',').filter(Boolean);
const today = Date.UTC(new Date().getUTCFullYear(), new Date().getUTCMonth(), new Date().getUTCDate());
const slotMinutes = 5;
const slotsPerDay = (24 * 60) / slotMinutes;

function book(providerId: string, start: string, name: string): Promise<number> {
  const body = JSON.stringify({
    customer: { name, email: `${name.toLowerCase().replaceAll(' ', '.')}@example.com` },
    start,
    durationMinutes: slotMinutes,
    ...(providerId ? { providerId } : {}),
  });
  return new Promise((resolve, reject) => {
    const outgoing = request(
      `${baseUrl}/api/appointments`,
      {
        method: 'POST',
        agent,
        headers: {
          authorization: `Bearer ${token}`,
          'content-type': 'application/json',
          'content-length': Buffer.byteLength(body),
        },
      },
      (response) => {
        response.resume();
        response.on('end', () => resolve(response.statusCode ?? 0));
      },
    );
    outgoing.on('error', reject);
    outgoing.end(body);
  });
}

const latencies: number[] = [];
const statuses: Record<string, number> = {};
let next = 0;
const end = performance.now() + Number(seconds) * 1000;
async function connection(index: number): Promise<void> {
  while (performance.now() < end) {
    const slot = next;
    next += 1;
    const provider = providerIds[slot % Math.max(1, providerIds.length)] ?? '';
    const within = Math.floor(slot / Math.max(1, providerIds.length));
    const start = new Date(
      today +
        (Number(firstDay) + Math.floor(within / slotsPerDay)) * 86_400_000 +
        (within % slotsPerDay) * slotMinutes * 60_000,
    );
    const begun = performance.now();
    const status = await book(provider, start.toISOString(), `Bench ${index} ${slot % 500}`);
    latencies.push(performance.now() - begun);
    statuses[status] = (statuses[status] ?? 0) + 1;
  }
}
const begun = performance.now();
await Promise.all(Array.from({ length: Number(connections) }, (_, index) => connection(index)));
console.log(JSON.stringify({ statuses, seconds: (performance.now() - begun) / 1000, latencies }));
process.exit(0);
