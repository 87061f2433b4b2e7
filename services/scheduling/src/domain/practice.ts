import { type FieldFault, ValidationError } from '@daybook/runtime/errors';
import { hasControlCharacters } from './customer.ts';
import { isTimeZone } from './zone-offsets.ts';

/** What a person can set on the practice. Empty texts and 0 leave it to the reader's locale or browser. */
export type PracticeParticulars = {
  readonly name: string;
  /** ISO 3166-1 alpha-2. */
  readonly country: string;
  /** ISO weekday, 1 = Monday. */
  readonly weekStart: number;
  /** 12 or 24. */
  readonly hourCycle: number;
  /** BCP 47. */
  readonly language: string;
  /** IANA zone. */
  readonly secondTimeZone: string;
  /** Steps of the first-run guide that are done or skipped, each once, in the guide's order. */
  readonly guideStepsDone: readonly string[];
};

/** The practice's own particulars as stored. */
export type Practice = PracticeParticulars & {
  readonly organizationId: string;
  /** Rises by one with each change. */
  readonly version: number;
  /** Epoch milliseconds; undefined when no backup was ever proven. */
  readonly lastProvenRestoreAt: number | undefined;
};

/** The first-run guide, in its order. */
const guideSteps = ['hours', 'type', 'calcom', 'booking'];

/**
 * Accepts what a person set on the practice, in canonical form.
 * @throws ValidationError naming every fault
 */
export function validatePractice(given: PracticeParticulars): PracticeParticulars {
  const faults: FieldFault[] = [];
  const refuse = (pointer: string, message: string): void => void faults.push({ pointer, message });
  const name = given.name.trim();
  if (name.length < 1 || name.length > 200) refuse('/name', 'Give a name of 1 to 200 characters.');
  if (hasControlCharacters(name)) refuse('/name', 'Use visible characters only.');
  if (!/^([A-Z]{2})?$/.test(given.country)) refuse('/country', 'Give a country code of two capital letters.');
  if (!Number.isInteger(given.weekStart) || given.weekStart < 0 || given.weekStart > 7) {
    refuse('/weekStart', 'The weekday runs from 1 (Monday) to 7 (Sunday).');
  }
  if (![0, 12, 24].includes(given.hourCycle)) refuse('/hourCycle', 'Give 12 or 24.');
  if (!/^([a-z]{2,3}(-[A-Za-z0-9]{2,8}){0,3})?$/.test(given.language)) refuse('/language', 'Give a language code.');
  if (given.secondTimeZone !== '' && !isTimeZone(given.secondTimeZone)) {
    refuse('/secondTimeZone', 'Name an IANA time zone such as Europe/Luxembourg.');
  }
  given.guideStepsDone.forEach((step, index) => {
    if (!guideSteps.includes(step)) refuse(`/guideStepsDone/${index}`, 'Name a step of the guide.');
  });
  if (faults.length > 0) throw new ValidationError(faults);
  return { ...given, name, guideStepsDone: guideSteps.filter((step) => given.guideStepsDone.includes(step)) };
}

/** Whether two sets of particulars say the same. */
export function sameParticulars(a: PracticeParticulars, b: PracticeParticulars): boolean {
  return (
    a.name === b.name &&
    a.country === b.country &&
    a.weekStart === b.weekStart &&
    a.hourCycle === b.hourCycle &&
    a.language === b.language &&
    a.secondTimeZone === b.secondTimeZone &&
    a.guideStepsDone.join() === b.guideStepsDone.join()
  );
}
