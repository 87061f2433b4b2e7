import { createRefreshToken, deriveSuccessor, hashRefreshToken, isRefreshToken } from './refresh-token.ts';

test('a successor is the same for the same token and key, and nothing else', () => {
  const token = createRefreshToken();
  const key = Buffer.alloc(32, 1);
  const successor = deriveSuccessor(token, key);
  expect(isRefreshToken(token)).toBe(true);
  expect(isRefreshToken(successor)).toBe(true);
  expect(deriveSuccessor(token, key)).toBe(successor);
  expect(deriveSuccessor(token, Buffer.alloc(32, 2))).not.toBe(successor);
  expect(deriveSuccessor(createRefreshToken(), key)).not.toBe(successor);
  expect(hashRefreshToken(token)).not.toEqual(hashRefreshToken(successor));
});

test.each([[''], ['x'], ['x'.repeat(44)], [`${'x'.repeat(42)}+`], [`${'x'.repeat(43)}\n`]])(
  '%j is no token',
  (text) => {
    expect(isRefreshToken(text)).toBe(false);
  },
);
