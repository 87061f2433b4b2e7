import { findCountry } from '../db/practice-repository.ts';
import type { Dependencies } from './dependencies.ts';

/** ISO 3166 alpha-2 in which the organisation's national phone numbers are read: its own, else the operator's default. */
export async function countryOf(deps: Dependencies, organizationId: string): Promise<string> {
  const known = deps.countries.get(organizationId);
  if (known !== undefined) return known;
  const own = await findCountry(deps.database, organizationId);
  const country = own === '' ? deps.settings.defaultCountry : own;
  deps.countries.set(organizationId, country);
  return country;
}
