import fc from 'fast-check';
import { findCodeFaults, isConfirmable, parseCode, stepAt, writeRecoveryCode } from './second-factor.ts';

test.each([
  ['123456', { kind: 'time', digits: '123456' }],
  [' 123 456 ', { kind: 'time', digits: '123456' }],
  ['１２３４５６', { kind: 'time', digits: '123456' }],
  ['000-000', { kind: 'time', digits: '000000' }],
  ['12345', undefined],
  ['1234567', undefined],
  ['', undefined],
  ['oil1-oil1 OIL1–oil1-oil1-oil1', { kind: 'recovery', code: '011101110111011101110111' }],
  ['UUUU-UUUU-UUUU-UUUU-UUUU-UUUU', undefined],
  ['ABCD-EFGH-JKMN-PQRS-TVWX', undefined],
] as const)('%j is read as %j', (text, parsed) => expect(parseCode(text)).toEqual(parsed));

test('every recovery code that is written is read back, however it is typed', () => {
  fc.assert(
    fc.property(fc.uint8Array({ minLength: 15, maxLength: 15 }), fc.boolean(), (bytes, low) => {
      const shown = writeRecoveryCode(Buffer.from(bytes));
      const typed = low ? shown.toLowerCase().replaceAll('-', ' ') : shown;
      expect(parseCode(typed)).toEqual({ kind: 'recovery', code: shown.replaceAll('-', '') });
    }),
  );
});

test('different bytes are written differently', () => {
  const bytes = fc.uint8Array({ minLength: 15, maxLength: 15 });
  fc.assert(
    fc.property(bytes, bytes, (one, other) => {
      const same = Buffer.from(one).equals(Buffer.from(other));
      expect(writeRecoveryCode(Buffer.from(one)) === writeRecoveryCode(Buffer.from(other))).toBe(same);
    }),
  );
});

test('a step is thirty seconds, counted from 1970', () => {
  expect([0, 29_999, 30_000].map((ms) => stepAt(new Date(ms)))).toEqual([0, 0, 1]);
});

test('a secret can be confirmed for fifteen minutes; the end itself is late', () => {
  const begun = new Date(0);
  expect([0, 899_999, 900_000].map((ms) => isConfirmable(begun, new Date(ms)))).toEqual([true, true, false]);
});

test('what is longer than any code is not looked at', () => {
  expect(findCodeFaults('x'.repeat(64))).toEqual([]);
  expect(findCodeFaults('x'.repeat(65))).toMatchObject([{ pointer: '/code' }]);
});
