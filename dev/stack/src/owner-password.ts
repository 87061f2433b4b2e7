import { randomInt } from 'node:crypto';

const consonants = 'bdfghjklmnprstvz';
const vowels = 'aeiou';

/** A password that can be read aloud and typed: six groups of two syllables, 75 bits of chance. */
export function makeReadablePassword(): string {
  const pick = (letters: string) => letters[randomInt(letters.length)] ?? '';
  const syllable = () => pick(consonants) + pick(vowels);
  return Array.from({ length: 6 }, () => syllable() + syllable()).join('-');
}

/** Reads the answer of auth's owner command: whether it made the account. */
export function readCreated(output: string): boolean {
  const line = output.trim().split('\n').at(-1) ?? '';
  try {
    return (JSON.parse(line) as { created?: unknown }).created === true;
  } catch {
    throw new Error('The owner command gave no answer that can be read.');
  }
}
