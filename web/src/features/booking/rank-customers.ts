/**
 * Found customers in the order in which a line is to recall them: those of whom every typed word begins a word of the name come first,
 * and how many they are. One who merely has the letters somewhere in the name is offered, but not taken by Enter: "ann" is no Hannah.
 */
export function rankCustomers<Customer extends { name: string }>(
  typed: string,
  found: readonly Customer[],
): { customers: Customer[]; sureCount: number } {
  const words = wordsOf(typed);
  const isSure = ({ name }: Customer) => words.every((word) => wordsOf(name).some((part) => part.startsWith(word)));
  const sure = found.filter(isSure);
  return { customers: [...sure, ...found.filter((customer) => !isSure(customer))], sureCount: sure.length };
}

/** Lower-case words without accents, as people type them. */
function wordsOf(text: string): string[] {
  const plain = text.normalize('NFD').replace(/\p{M}/gu, '').toLowerCase();
  return plain.split(/[^\p{L}\p{N}]+/u).filter((word) => word !== '');
}
