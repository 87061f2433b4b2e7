import { ApiClient, startIn } from '../support/api-client.ts';
import { FaultWorld, seed } from '../support/faults/fault-world.ts';
import { bookingOf } from '../support/load.ts';
import type { Operation } from '../support/history.ts';

jest.setTimeout(300_000);

let world: FaultWorld;
beforeAll(async () => {
  world = await FaultWorld.open();
});
afterAll(() => world?.close());

const competitors = 32;
const half = 1_800_000;
/** A client of either gateway, in turn. */
const client = (index: number): ApiClient => new ApiClient(world.stack.gatewayUrls[index % 2]!, world.api.token);

/** Does a thing and writes down what was asked and told. */
async function recorded(
  operation: Pick<Operation, 'kind' | 'key' | 'appointmentId' | 'start'>,
  ask: () => ReturnType<ApiClient['book']>,
): Promise<Operation> {
  const invokedAt = performance.now();
  const answer = await ask().catch(() => undefined);
  const ok = answer !== undefined && answer.status < 300;
  const whole: Operation = {
    ...operation,
    ...(operation.start === undefined ? {} : { end: operation.start + half }),
    outcome: ok ? 'ok' : answer && answer.status < 500 ? 'fail' : 'unknown',
    ...(ok ? { appointmentId: answer.body.id, version: answer.body.version } : {}),
    invokedAt,
    completedAt: performance.now(),
  };
  return whole;
}

const book = (index: number, key: string, start: string): Promise<Operation> =>
  recorded({ kind: 'book', key, start: Date.parse(start) }, () => client(index).book(bookingOf(key, start), { key }));

test(`F16: ${competitors} clients, overlapping by a minute, beside a heavy load (seed ${seed})`, async () => {
  const { faults } = await world.run({
    name: 'F16 races',
    clients: 16,
    pauseMs: 5,
    inject: async () => {
      for (let round = 0; round < 5; round += 1) {
        const all = await Promise.all(
          Array.from({ length: competitors }, (_, index) =>
            book(index, `race-${round}-${index}`, startIn(150 + round, 10, index % 30)),
          ),
        );
        world.record(...all);
        expect(all.some(({ outcome }) => outcome === 'ok')).toBe(true);
        expect(all.filter(({ outcome }) => outcome === 'unknown')).toEqual([]);
      }
    },
  });
  expect(faults).toEqual([]);
});

test(`F16: one key, ${competitors} times at once, is one booking (seed ${seed})`, async () => {
  const { faults } = await world.run({
    name: 'F16 one key',
    inject: async () => {
      for (let round = 0; round < 5; round += 1) {
        const all = await Promise.all(
          Array.from({ length: competitors }, (_, index) => book(index, `same-${round}`, startIn(156 + round, 9))),
        );
        const told = all.filter(({ outcome }) => outcome === 'ok');
        world.record(...told);
        expect(new Set(told.map(({ appointmentId }) => appointmentId)).size).toBe(1);
      }
    },
  });
  expect(faults).toEqual([]);
});

test(`F16: move, cancel and book at once; two appointments that change places (seed ${seed})`, async () => {
  const { faults } = await world.run({
    name: 'F16 move, cancel, book',
    inject: async () => {
      for (let round = 0; round < 8; round += 1) {
        const [at, other] = [startIn(162 + round, 9), startIn(162 + round, 14)];
        const a = await book(0, `swap-${round}-a`, at);
        const b = await book(1, `swap-${round}-b`, other);
        world.record(a, b);
        const move = (index: number, id: string, start: string): Promise<Operation> =>
          recorded({ kind: 'reschedule', appointmentId: id, start: Date.parse(start) }, () =>
            client(index).reschedule(id, { start }),
          );
        const cancel = (index: number, id: string): Promise<Operation> =>
          recorded({ kind: 'cancel', appointmentId: id }, () => client(index).cancel(id));
        world.record(
          ...(await Promise.all([move(0, a.appointmentId!, other), move(1, b.appointmentId!, at)])),
          ...(await Promise.all([
            cancel(0, a.appointmentId!),
            move(1, a.appointmentId!, startIn(162 + round, 18)),
            book(0, `swap-${round}-c`, at),
            book(1, `swap-${round}-d`, at),
          ])),
        );
      }
    },
  });
  expect(faults).toEqual([]);
});
