import { cpSync, mkdirSync, readdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { repositoryRoot } from '@daybook/stack/stack-layout';

const services = ['auth', 'scheduling', 'calcom-sync'] as const;

/**
 * Migrations as a next release may bring them, in the busiest tables: each only adds, so that the release before goes on
 * working on the same database.
 */
const expanding: Record<(typeof services)[number], string> = {
  auth: `
    ALTER TABLE sessions ADD COLUMN next_device text NOT NULL DEFAULT '';
    ALTER TABLE users ADD COLUMN next_locale text;
    CREATE TABLE next_invitations (id uuid PRIMARY KEY, user_id uuid NOT NULL REFERENCES users);`,
  scheduling: `
    ALTER TABLE appointments ADD COLUMN next_room text NOT NULL DEFAULT '';
    ALTER TABLE reservations ADD COLUMN next_resource uuid;
    ALTER TABLE customers ADD COLUMN next_pronoun text NOT NULL DEFAULT '';
    ALTER TABLE providers ADD COLUMN next_colour text;
    ALTER TABLE outbox ADD COLUMN next_priority integer NOT NULL DEFAULT 0;
    ALTER TABLE appointments ADD CONSTRAINT next_room_is_short CHECK (length(next_room) < 100) NOT VALID;
    CREATE INDEX next_reservations_resource ON reservations (next_resource) WHERE next_resource IS NOT NULL;
    CREATE TABLE next_waiting_list (id uuid PRIMARY KEY, provider_id uuid NOT NULL, wanted tstzrange NOT NULL);`,
  'calcom-sync': `
    ALTER TABLE connections ADD COLUMN next_note text NOT NULL DEFAULT '';
    ALTER TABLE calendar_links ADD COLUMN next_hint jsonb NOT NULL DEFAULT '{}';
    ALTER TABLE outbox ADD COLUMN next_priority integer NOT NULL DEFAULT 0;
    CREATE TABLE next_mirrors (connection_id uuid PRIMARY KEY REFERENCES connections);`,
};

/** What a later release takes away again, once nothing that runs knows of it. */
export const contracting = {
  auth: 'ALTER TABLE sessions DROP COLUMN next_device; DROP TABLE next_invitations;',
  scheduling: `ALTER TABLE appointments DROP CONSTRAINT next_room_is_short, DROP COLUMN next_room;
    ALTER TABLE customers DROP COLUMN next_pronoun; ALTER TABLE outbox DROP COLUMN next_priority;
    DROP TABLE next_waiting_list;`,
  calcomSync: 'ALTER TABLE calendar_links DROP COLUMN next_hint; DROP TABLE next_mirrors;',
};

/**
 * Lays a tree of the sources as a next release would be: the same programs, that demand one more migration of each database.
 * They find the packages where this tree has them.
 */
export function layNextRelease(folder: string): void {
  for (const part of ['gateway', ...services.map((service) => join('services', service))]) {
    cpSync(join(repositoryRoot, part, 'src'), join(folder, part, 'src'), { recursive: true });
    cpSync(join(repositoryRoot, part, 'package.json'), join(folder, part, 'package.json'));
    const own = readdirSync(join(repositoryRoot, part)).includes('node_modules');
    if (own) symlinkSync(join(repositoryRoot, part, 'node_modules'), join(folder, part, 'node_modules'));
  }
  mkdirSync(join(folder, 'web'));
  symlinkSync(join(repositoryRoot, 'node_modules'), join(folder, 'node_modules'));
  symlinkSync(join(repositoryRoot, 'web', 'dist'), join(folder, 'web', 'dist'));
  for (const service of services) {
    const migrations = join(folder, 'services', service, 'migrations');
    cpSync(join(repositoryRoot, 'services', service, 'migrations'), migrations, { recursive: true });
    writeFileSync(join(migrations, '9000_next_release.sql'), expanding[service]);
  }
}
