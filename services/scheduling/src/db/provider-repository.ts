import { type Database, query, type Tx } from '@daybook/runtime/postgres';
import type { AvailabilityRules, DateOverride, WeeklyWindow } from '../domain/availability.ts';
import type { Provider } from '../domain/provider.ts';

type ProviderRow = {
  id: string;
  organizationId: string;
  name: string;
  color: string;
  timeZone: string;
  version: number;
  weekly: [number, number, number][];
  overrides: [string, string, [number, number][]][];
};

/** A provider with the rule set and its version. */
export type ProviderWithRules = {
  readonly provider: Provider;
  readonly availability: AvailabilityRules;
  readonly version: number;
};

const providerColumns = `p.id, p.organization_id AS "organizationId", p.name, p.color, p.time_zone AS "timeZone",
  p.availability_version AS version`;
const weeklyColumn = `(SELECT coalesce(json_agg(json_build_array(w.weekday, w.start_minute, w.end_minute)
  ORDER BY w.weekday, w.start_minute), '[]') FROM weekly_windows w WHERE w.provider_id = p.id) AS weekly`;
const overridesColumn = `(SELECT coalesce(json_agg(json_build_array(to_char(o.first_date, 'YYYY-MM-DD'),
  to_char(o.last_date, 'YYYY-MM-DD'), o.intervals) ORDER BY o.first_date), '[]')
  FROM date_overrides o WHERE o.provider_id = p.id) AS overrides`;

/**
 * A provider of the organisation with its rules.
 * @param providerId empty for the first one
 */
export async function findProvider(
  on: Database | Tx,
  organizationId: string,
  providerId: string,
): Promise<ProviderWithRules | undefined> {
  const named = providerId !== '';
  const rows = await query<ProviderRow>(on, {
    name: named ? 'find_provider' : 'find_first_provider',
    text: `SELECT ${providerColumns}, ${weeklyColumn}, ${overridesColumn} FROM providers p
      WHERE p.organization_id = $1::uuid ${named ? 'AND p.id = $2::uuid' : ''}
      ORDER BY p.position, p.created_at, p.id LIMIT 1`,
    values: named ? [organizationId, providerId] : [organizationId],
  });
  return rows[0] && toProviderWithRules(rows[0]);
}

/** All providers of the organisation, the first one first. */
export async function listProviders(on: Database | Tx, organizationId: string): Promise<Provider[]> {
  const rows = await query<ProviderRow>(on, {
    name: 'list_providers',
    text: `SELECT ${providerColumns}, '[]'::json AS weekly, '[]'::json AS overrides FROM providers p
      WHERE p.organization_id = $1::uuid ORDER BY p.position, p.created_at, p.id`,
    values: [organizationId],
  });
  return rows.map((row) => toProviderWithRules(row).provider);
}

/** Replaces zone, weekly windows and overrides as the next version. The caller holds the provider's lock. */
export async function replaceRules(
  tx: Tx,
  provider: Provider,
  rules: AvailabilityRules,
  nextVersion: number,
): Promise<void> {
  const key = [provider.organizationId, provider.id];
  await query(tx, {
    text: `UPDATE providers SET time_zone = $3, availability_version = $4
      WHERE organization_id = $1::uuid AND id = $2::uuid`,
    values: [...key, rules.timeZone, nextVersion],
  });
  await query(tx, { text: 'DELETE FROM weekly_windows WHERE provider_id = $1::uuid', values: [provider.id] });
  await query(tx, { text: 'DELETE FROM date_overrides WHERE provider_id = $1::uuid', values: [provider.id] });
  await query(tx, {
    text: `INSERT INTO weekly_windows (organization_id, provider_id, weekday, start_minute, end_minute)
      SELECT $1::uuid, $2::uuid, * FROM unnest($3::int[], $4::int[], $5::int[])`,
    values: [
      ...key,
      rules.weekly.map((w) => w.weekday),
      rules.weekly.map((w) => w.startMinute),
      rules.weekly.map((w) => w.endMinute),
    ],
  });
  await query(tx, {
    text: `INSERT INTO date_overrides (organization_id, provider_id, first_date, last_date, intervals)
      SELECT $1::uuid, $2::uuid, first::date, last::date, hours::jsonb
      FROM unnest($3::text[], $4::text[], $5::text[]) AS o (first, last, hours)`,
    values: [
      ...key,
      rules.overrides.map((o) => o.date),
      rules.overrides.map((o) => o.endDate),
      rules.overrides.map((o) => JSON.stringify(o.intervals.map((w) => [w.startMinute, w.endMinute]))),
    ],
  });
}

function toProviderWithRules(row: ProviderRow): ProviderWithRules {
  const { id, organizationId, name, color, timeZone, version } = row;
  const weekly: WeeklyWindow[] = row.weekly.map(([weekday, startMinute, endMinute]) => ({
    weekday,
    startMinute,
    endMinute,
  }));
  const overrides: DateOverride[] = row.overrides.map(([date, endDate, intervals]) => ({
    date,
    endDate,
    intervals: intervals.map(([startMinute, endMinute]) => ({ startMinute, endMinute })),
  }));
  return {
    provider: { id, organizationId, name, color, timeZone },
    availability: { timeZone, weekly, overrides },
    version,
  };
}
