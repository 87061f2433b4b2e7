import { WishesInFlight } from './wishes-in-flight.ts';

const morning = { start: 0, end: 60 };

test('waits for a wish that overlaps, and for no other time or provider', async () => {
  const wishes = new WishesInFlight();
  const { promise: answer, resolve: giveAnswer } = Promise.withResolvers<string>();
  const first = wishes.during('anna', morning, () => answer);
  expect(wishes.ahead('anna', { start: 60, end: 90 })).toBeUndefined();
  expect(wishes.ahead('ben', morning)).toBeUndefined();
  const ahead = wishes.ahead('anna', { start: 59, end: 90 });
  expect(ahead).toBeDefined();
  giveAnswer('booked');
  await ahead?.over;
  expect(await first).toBe('booked');
  expect(wishes.ahead('anna', morning)).toBeUndefined();
});

test('a wish that fails lets the others go on, and its error reaches its caller alone', async () => {
  const wishes = new WishesInFlight();
  const { promise: answer, reject: fail } = Promise.withResolvers<never>();
  const first = wishes.during('anna', morning, () => answer);
  const ahead = wishes.ahead('anna', morning);
  fail(new Error('no connection'));
  await expect(first).rejects.toThrow('no connection');
  await expect(ahead?.over).resolves.toBeUndefined();
  expect(wishes.ahead('anna', morning)).toBeUndefined();
});

test('those who waited for one wish share a look, by key, and not with those of another', async () => {
  const wishes = new WishesInFlight();
  let looks = 0;
  const read = async (): Promise<number> => (looks += 1);
  const over = wishes.during('anna', morning, async () => undefined);
  const [one, two] = [wishes.ahead('anna', morning), wishes.ahead('anna', morning)];
  await over;
  expect(await Promise.all([one?.look('ten', read), two?.look('ten', read), two?.look('eleven', read)])).toEqual([
    1, 1, 2,
  ]);
  const next = wishes.during('anna', morning, async () => undefined);
  const later = wishes.ahead('anna', morning);
  await next;
  expect(await later?.look('ten', read)).toBe(3);
});
