import { rankCustomers } from './rank-customers.ts';

test('who is named by the beginnings of words comes first and alone is sure', () => {
  const found = [{ name: 'Hannah Goldberg' }, { name: 'Ann Lee' }, { name: 'Jo-Anne Weber' }];
  const names = (typed: string) => {
    const { customers, sureCount } = rankCustomers(typed, found);
    return [sureCount, ...customers.map(({ name }) => name)];
  };
  expect(names('ann')).toEqual([2, 'Ann Lee', 'Jo-Anne Weber', 'Hannah Goldberg']);
  expect(names('ann w')).toEqual([1, 'Jo-Anne Weber', 'Hannah Goldberg', 'Ann Lee']);
  expect(rankCustomers('rene', [{ name: 'René Blanc' }]).sureCount).toBe(1);
  expect(rankCustomers('nna', found).sureCount).toBe(0);
});
