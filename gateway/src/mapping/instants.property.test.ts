import fc from 'fast-check';
import { createInstantWriter } from './instants.ts';

test('a list of instants is written as each of them would be', () => {
  const minutes = fc.integer({ min: -60_000_000, max: 120_000_000 }).map((minute) => minute * 60_000);
  const any = fc.integer({ min: -62_135_596_800_000, max: 253_402_300_799_999 });
  fc.assert(
    fc.property(fc.array(fc.oneof(minutes, any)), (instants) => {
      const write = createInstantWriter();
      expect(instants.map(write)).toEqual(instants.map((instant) => new Date(instant).toISOString()));
    }),
    { numRuns: 500 },
  );
});
