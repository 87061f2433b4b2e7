import fc from 'fast-check';
import type { LiveHint } from './audience.ts';
import { mayHear } from './audience.ts';
import { LiveHub } from './live-hub.ts';
import { formatPosition, parsePosition } from './position.ts';

const start = { scheduling: { epoch: 'a', sequence: 10 }, calendarSync: { epoch: 'b', sequence: 20 } };
const hint = (organizationId = 'o'): LiveHint => ({ organizationId, change: { kind: 'appointment', version: 1 } });

function startedHub(): LiveHub {
  const hub = new LiveHub();
  hub.start(start);
  return hub;
}

describe('replay', () => {
  test('gives what was missed and nothing seen before', () => {
    const hub = startedHub();
    hub.append('scheduling', 11, hint());
    const seen = hub.currentId ?? '';
    hub.append('calendarSync', 21, hint());
    hub.append('scheduling', 12, hint());
    expect(hub.replayAfter(seen)).toMatchObject({ resync: false, missed: [{ sequence: 21 }, { sequence: 12 }] });
    expect(hub.replayAfter(hub.currentId ?? '')).toEqual({ resync: false, missed: [] });
  });

  test.each([
    ['rubbish', 'x'],
    ['from before our memory', 'a.9-b.20'],
    ['from the future', 'a.10-b.99'],
    ['from a stream that was re-made', 'z.10-b.20'],
  ])('an id %s means reading everything again', (_name, id) => {
    expect(startedHub().replayAfter(id)).toEqual({ resync: true });
  });

  test('while the broker is away nobody can tell what was missed', () => {
    const hub = startedHub();
    const id = hub.currentId ?? '';
    hub.stop();
    expect(hub.replayAfter(id)).toEqual({ resync: true });
  });

  test('never loses one: any seen place gives either all later hints or a resync', () => {
    fc.assert(
      fc.property(
        fc.array(fc.record({ sync: fc.boolean(), step: fc.integer({ min: 1, max: 3 }) }), {
          minLength: 1,
          maxLength: 1500,
        }),
        fc.nat(),
        (steps, pick) => {
          const hub = startedHub();
          const place = { scheduling: 10, calendarSync: 20 };
          const entries: string[] = [];
          const ids: string[] = [];
          for (const { sync, step } of steps) {
            const stream = sync ? 'calendarSync' : 'scheduling';
            place[stream] += step;
            hub.append(stream, place[stream], hint());
            entries.push(`${stream} ${place[stream]}`);
            ids.push(hub.currentId ?? '');
          }
          const from = pick % ids.length;
          const replay = hub.replayAfter(ids[from] ?? '');
          const expected = entries.slice(from + 1);
          if (replay.resync) return expected.length > 900;
          return (
            JSON.stringify(replay.missed.map((entry) => `${entry.stream} ${entry.sequence}`)) ===
            JSON.stringify(expected)
          );
        },
      ),
      { numRuns: 100 },
    );
  });

  test('an old or repeated sequence number says nothing twice', () => {
    const hub = startedHub();
    const heard: number[] = [];
    hub.subscribe({
      onEntry: (entry) => heard.push(entry.sequence),
      onDegraded: () => undefined,
      onRestored: () => undefined,
    });
    for (const sequence of [11, 11, 10, 12]) hub.append('scheduling', sequence, hint());
    expect(heard).toEqual([11, 12]);
  });
});

test('a position survives its text', () => {
  fc.assert(
    fc.property(fc.nat(), fc.nat(), (one, two) => {
      const position = { scheduling: { epoch: 'k1', sequence: one }, calendarSync: { epoch: 'z9', sequence: two } };
      expect(parsePosition(formatPosition(position))).toEqual(position);
    }),
  );
});

describe('audience', () => {
  const actor = (role: 'owner' | 'admin' | 'staff' | 'customer', organizationId = 'o') =>
    ({ kind: 'user', userId: 'u', sessionId: 's', tokenExpiresAt: 0, organizationId, roles: [role] }) as const;

  test.each(['owner', 'admin', 'staff'] as const)('%s hears the own organisation only', (role) => {
    expect([
      mayHear(actor(role), hint('o')),
      mayHear(actor(role), hint('p')),
      mayHear(actor(role, ''), hint('')),
    ]).toEqual([true, false, false]);
  });

  test('a customer hears what names nobody', () => {
    const availability: LiveHint = { organizationId: 'o', change: { kind: 'availability' } };
    expect([mayHear(actor('customer'), hint('o')), mayHear(actor('customer'), availability)]).toEqual([false, true]);
  });
});
