import { DomainError, ValidationError, findDomainError } from './errors.ts';

test('a domain error is found through any chain of causes, and loops end', () => {
  const inner = new DomainError('taken', 'SLOT_TAKEN', 'Taken.');
  expect(findDomainError(new Error('a', { cause: new TypeError('b', { cause: inner }) }))).toBe(inner);
  const loop = new Error('loop');
  loop.cause = new Error('back', { cause: loop });
  expect(findDomainError(loop)).toBeUndefined();
  expect(findDomainError('text')).toBeUndefined();
});

test('context cannot be changed afterwards, and subclasses keep their name', () => {
  const source: Record<string, unknown> = { a: 1 };
  const error = new DomainError('stale', 'VERSION_CONFLICT', 'Changed meanwhile.', { context: source });
  source['a'] = 2;
  expect(error.context).toEqual({ a: 1 });
  expect(() => Object.assign(error.context, { b: 1 })).toThrow(TypeError);
  expect(new ValidationError([]).name).toBe('ValidationError');
});

test('a validation error lists the first fifty faults, which fit the trailer of an answer', () => {
  const faults = Array.from({ length: 1000 }, (_, index) => ({ pointer: `/overrides/${index}`, message: 'overlaps' }));
  expect(new ValidationError(faults).context['errors']).toEqual(faults.slice(0, 50));
});
