import fc from 'fast-check';
import { throttleAddress } from './throttle-address.ts';

test('all addresses of one /64 are one party, those of another are not', () => {
  const group = fc.integer({ min: 0, max: 0xffff }).map((value) => value.toString(16));
  const half = fc.tuple(group, group, group, group).map((groups) => groups.join(':'));
  fc.assert(
    fc.property(half, half, half, half, (network, other, one, two) => {
      fc.pre(!/^(0:){4}$/.test(`${network}:`) && !/^(0:){4}$/.test(`${other}:`));
      expect(throttleAddress(`${network}:${one}`)).toBe(throttleAddress(`${network}:${two}`));
      expect(throttleAddress(`${network}:${one}`) === throttleAddress(`${other}:${one}`)).toBe(network === other);
    }),
    { numRuns: 300 },
  );
});

test('every IPv4 address is the same party when it comes mapped into IPv6', () => {
  fc.assert(
    fc.property(fc.ipV4(), (address) => {
      expect(throttleAddress(`::ffff:${address}`)).toBe(throttleAddress(address));
    }),
    { numRuns: 200 },
  );
});
