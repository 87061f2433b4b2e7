import { randomUUID } from 'node:crypto';
import fc from 'fast-check';
import { expandWindows } from '../domain/availability.ts';
import { IntervalSet } from '../domain/interval.ts';
import { DAY, MINUTE } from '../domain/zone-offsets.ts';
import { asUser, tokenFor } from '../testing/start-scheduling.ts';
import {
  aMonday,
  runs,
  instantOf,
  stamp,
  arbitraryDuration,
  makeWorld,
  arbitraryWorld,
  arbitraryOpenWorld,
  chooseStart,
  choice,
} from '../testing/property-world.ts';
import { codeOf, serviceUnderTest } from '../testing/service-under-test.ts';

jest.setTimeout(90_000);

const service = serviceUnderTest(aMonday);

test('property 1: protected resources need authentication', async () => {
  const calls = ['get', 'list', 'availability', 'slots', 'blocks', 'customers', 'providers', 'types'] as const;
  const badToken = fc.oneof(
    fc.constant(''),
    fc.base64String(),
    fc.tuple(fc.base64String(), fc.base64String(), fc.base64String()).map((parts) => parts.join('.')),
    fc.nat({ max: 300 }).map((at) => {
      const token = tokenFor(randomUUID());
      const place = at % token.length;
      return token.slice(0, place) + (token[place] === 'A' ? 'B' : 'A') + token.slice(place + 1);
    }),
  );
  await fc.assert(
    fc.asyncProperty(badToken, fc.constantFrom(...calls), async (token, name) => {
      const anyone = asUser(service.scheduling, token);
      const call = anyone[name] as (request: unknown) => Promise<unknown>;
      const code = await codeOf(call(name === 'get' ? randomUUID() : {}));
      expect(['SESSION_INVALID', 'SESSION_EXPIRED']).toContain(code);
    }),
    runs,
  );
});

test('property 2: expired tokens are refused', async () => {
  await fc.assert(
    fc.asyncProperty(fc.integer({ min: 6, max: 100_000 }), fc.integer({ min: 1, max: 600 }), async (ago, lifetime) => {
      const issued = Date.now() - (ago + lifetime) * 1000;
      const late = asUser(service.scheduling, tokenFor(randomUUID(), { lifetimeSeconds: lifetime, now: issued }));
      expect(await codeOf(late.list())).toBe('SESSION_EXPIRED');
    }),
    runs,
  );
});

test('property 3: every availability set is retrieved complete', async () => {
  await fc.assert(
    fc.asyncProperty(arbitraryWorld, async ([now, rules]) => {
      const { caller } = await makeWorld(service, now, rules);
      const { availability, open } = await caller.availability({ from: stamp(now), to: stamp(now + 7 * DAY) });
      expect(availability!.weekly).toEqual(rules.weekly);
      expect(availability!.overrides).toEqual(rules.overrides);
      const span = { start: now, end: now + 7 * DAY };
      const expected = IntervalSet.of(expandWindows(rules, span)).intersect(IntervalSet.of([span]));
      expect(open.map((item) => ({ start: instantOf(item.start), end: instantOf(item.end) }))).toEqual(
        expected.toArray(),
      );
    }),
    runs,
  );
});

test('property 4: reads show the current availability', async () => {
  await fc.assert(
    fc.asyncProperty(arbitraryOpenWorld, arbitraryDuration, choice, async ([now, rules], minutes, pick) => {
      const world = await makeWorld(service, now, rules);
      const start = chooseStart(world, minutes, pick);
      const range = { from: stamp(now + MINUTE), to: stamp(now + 7 * DAY) };
      const free = async () =>
        IntervalSet.of(
          (await world.caller.availability(range)).free.map((f) => ({
            start: instantOf(f.start),
            end: instantOf(f.end),
          })),
        );
      const during = { start, end: start + minutes * MINUTE };
      expect((await free()).contains(during)).toBe(true);
      const { appointment } = await world.caller.book({
        start: stamp(start),
        durationMinutes: minutes,
        customer: { name: 'A' },
      });
      expect((await free()).overlaps(during)).toBe(false);
      await world.caller.cancel(appointment!.id);
      expect((await free()).contains(during)).toBe(true);
      await world.caller.setAvailability({ timeZone: rules.timeZone, weekly: [] });
      expect((await free()).isEmpty).toBe(true);
    }),
    runs,
  );
});

test('property 17: availability survives the round trip', async () => {
  await fc.assert(
    fc.asyncProperty(arbitraryWorld, arbitraryWorld, async ([now, first], [, second]) => {
      const { caller } = await makeWorld(service, now, first);
      const answer = await caller.setAvailability({
        timeZone: second.timeZone,
        weekly: [...second.weekly],
        overrides: second.overrides.map((o) => ({ ...o, intervals: [...o.intervals] })),
      });
      const { availability } = await caller.availability();
      expect(availability).toEqual(answer.availability);
      expect(availability).toMatchObject({
        timeZone: second.timeZone,
        weekly: second.weekly,
        overrides: second.overrides,
      });
    }),
    runs,
  );
});
