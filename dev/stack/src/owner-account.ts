import { randomInt } from 'node:crypto';
import { serviceFile } from './stack-layout.ts';
import { runProgram } from './supervise.ts';

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

/** Runs auth's command that makes, resets or unlocks the owner's account; answers what it printed. @throws Error with its words when it fails */
export function runEnsureOwner(databaseUrl: string, args: string[], env: Record<string, string>): Promise<string> {
  return runProgram({
    name: 'auth ensure-owner',
    file: serviceFile('auth', 'ensure-owner.ts'),
    args,
    env: { NODE_ENV: 'production', LOG_LEVEL: 'warn', DATABASE_URL: databaseUrl, ...env },
    onLine: () => undefined,
  });
}
