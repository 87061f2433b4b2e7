import { parsePhoneNumberFromString, type CountryCode } from 'libphonenumber-js';

/**
 * An e-mail address in the form in which two are compared: trimmed and lower case.
 * @returns empty for empty, undefined when it is no address
 */
export function normalizeEmail(text: string): string | undefined {
  const email = text.trim().toLowerCase();
  if (email === '') return '';
  if (email.length > 254 || !/^[^\s@<>()[\]\\,;:"]{1,64}@[^\s@<>()[\]\\,;:"]+\.[^\s@<>()[\]\\,;:".]{2,}$/.test(email)) {
    return undefined;
  }
  return email.includes('..') ? undefined : email;
}

/**
 * A phone number in E.164, the form in which two are compared.
 * @param country ISO 3166 alpha-2, in which national notations are read
 * @returns empty for empty, undefined when it cannot be a number
 */
export function normalizePhone(text: string, country: string): string | undefined {
  const phone = text.trim();
  if (phone === '') return '';
  if (phone.length > 40) return undefined;
  const parsed = parsePhoneNumberFromString(phone, country as CountryCode);
  return parsed?.isPossible() ? parsed.number : undefined;
}

/** As much of a known customer as matching looks at. */
export type MatchCandidate = { readonly email: string; readonly phone: string };

/**
 * The known customer a booking speaks of: the one with the same e-mail address; else the one with the same phone number
 * unless both sides name an e-mail address and these differ (a family shares a phone). Never by name: two people may
 * bear the same one.
 * @param candidates known customers that share e-mail or phone, oldest first; both sides normalised
 */
export function matchCustomer<Known extends MatchCandidate>(
  candidates: readonly Known[],
  given: MatchCandidate,
): Known | undefined {
  if (given.email !== '') {
    const sameEmail = candidates.find((known) => known.email === given.email);
    if (sameEmail) return sameEmail;
  }
  if (given.phone === '') return undefined;
  return candidates.find(
    (known) => known.phone === given.phone && (known.email === '' || given.email === '' || known.email === given.email),
  );
}
