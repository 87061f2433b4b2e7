import { z } from 'zod';
import { databaseNames, type DatabaseName } from './databases.ts';

const table = z.object({
  name: z.string(),
  columns: z.array(z.string()),
  rows: z.number().int(),
  bytes: z.number().int(),
  sha256: z.string(),
});
const sequence = z.object({ name: z.string(), value: z.string(), called: z.boolean() });
const database = z.object({
  /** Migrations applied, in order: the schema the rows fit into. */
  migrations: z.array(z.string()),
  extensions: z.array(z.string()),
  tables: z.array(table),
  sequences: z.array(sequence),
});
const databases = z.object(
  Object.fromEntries(databaseNames.map((name) => [name, database])) as Record<DatabaseName, typeof database>,
);
const manifestSchema = z.object({
  format: z.literal(1),
  /** When the snapshots were taken: what the backup shows. */
  takenAt: z.iso.datetime(),
  version: z.string(),
  postgres: z.string(),
  databases,
  /** Faults found in the snapshots themselves, by name of the rule; all 0 in a sound practice. */
  invariants: z.record(z.string(), z.number().int()),
});

/** What an archive holds; its first entry. */
export type Manifest = z.output<typeof manifestSchema>;
/** One database in it. */
export type DatabaseManifest = z.output<typeof database>;
/** One table in it. */
export type TableManifest = z.output<typeof table>;

/** The name of the manifest in an archive. */
export const manifestName = 'manifest.json';

/** Where a table lies in an archive. */
export function entryName(name: DatabaseName, tableName: string): string {
  return `${name}/${tableName}.copy`;
}

/** Reads a manifest. @throws Error in words when it is none, or of a format this version does not know */
export function parseManifest(text: string): Manifest {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    throw new Error('this is no backup of Daybook');
  }
  if ((value as { format?: unknown }).format !== 1)
    throw new Error('this backup is of a newer Daybook; install that one');
  return manifestSchema.parse(value);
}

/** All rows of a backup. */
export function countRows(manifest: Manifest): number {
  const tables = Object.values(manifest.databases).flatMap((each) => each.tables);
  return tables.reduce((sum, { rows }) => sum + rows, 0);
}
