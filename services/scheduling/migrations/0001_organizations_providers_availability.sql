-- What a practice is and when its providers work. Everything carries its organisation, and composite keys make a row
-- that mixes two organisations impossible.

-- An administrator makes the extensions; the check lets a migrator without that right pass when they are there.
DO $$
DECLARE wanted text;
BEGIN
  FOREACH wanted IN ARRAY ARRAY['btree_gist', 'pg_trgm'] LOOP
    IF NOT EXISTS (SELECT 1 FROM pg_extension WHERE extname = wanted) THEN
      EXECUTE format('CREATE EXTENSION IF NOT EXISTS %I', wanted);
    END IF;
  END LOOP;
END $$;

CREATE TABLE organizations (
  id uuid PRIMARY KEY,
  name text NOT NULL,
  settings jsonb NOT NULL DEFAULT '{}',
  sync_connection text CHECK (sync_connection IN ('on', 'off')),
  sync_connection_version integer NOT NULL DEFAULT 0,
  created_at timestamptz NOT NULL DEFAULT now()
);
COMMENT ON TABLE organizations IS 'A practice. Made on the first request of one of its people, since accounts live in another service.';
COMMENT ON COLUMN organizations.settings IS 'Choices of the practice that no query looks into.';
COMMENT ON COLUMN organizations.sync_connection IS 'What calendar sync last said about the outside calendar; null: nothing yet.';
COMMENT ON COLUMN organizations.sync_connection_version IS 'Version of that message, so that older ones change nothing.';

CREATE TABLE providers (
  id uuid PRIMARY KEY,
  organization_id uuid NOT NULL REFERENCES organizations,
  name text NOT NULL,
  color text NOT NULL DEFAULT '#2563eb',
  time_zone text NOT NULL,
  availability_version integer NOT NULL DEFAULT 1,
  position integer NOT NULL DEFAULT 0,
  created_at timestamptz NOT NULL DEFAULT now(),
  CONSTRAINT providers_organization UNIQUE (organization_id, id)
);
COMMENT ON TABLE providers IS 'Whose time is booked. A provider may have no login.';
COMMENT ON COLUMN providers.time_zone IS 'IANA zone of the weekly windows and overrides.';
COMMENT ON COLUMN providers.availability_version IS 'Rises by one with each change of zone, windows or overrides; bookings are fenced by it.';
COMMENT ON COLUMN providers.position IS 'The lowest is the provider meant when none is named.';

CREATE TABLE weekly_windows (
  organization_id uuid NOT NULL,
  provider_id uuid NOT NULL,
  weekday smallint NOT NULL CHECK (weekday BETWEEN 1 AND 7),
  start_minute smallint NOT NULL CHECK (start_minute BETWEEN 0 AND 1439),
  end_minute smallint NOT NULL CHECK (end_minute BETWEEN 1 AND 1440),
  CONSTRAINT weekly_windows_ordered CHECK (start_minute < end_minute),
  CONSTRAINT weekly_windows_provider FOREIGN KEY (organization_id, provider_id) REFERENCES providers (organization_id, id),
  CONSTRAINT weekly_windows_no_overlap EXCLUDE USING gist (
    provider_id WITH =, weekday WITH =, int4range(start_minute, end_minute) WITH &&)
);
COMMENT ON TABLE weekly_windows IS 'Open hours of every such weekday (ISO, 1 = Monday) in minutes of the wall clock; 1440 is 24:00, a night shift is two rows.';

CREATE TABLE date_overrides (
  organization_id uuid NOT NULL,
  provider_id uuid NOT NULL,
  first_date date NOT NULL,
  last_date date NOT NULL,
  intervals jsonb NOT NULL,
  CONSTRAINT date_overrides_ordered CHECK (first_date <= last_date),
  CONSTRAINT date_overrides_provider FOREIGN KEY (organization_id, provider_id) REFERENCES providers (organization_id, id),
  CONSTRAINT date_overrides_no_overlap EXCLUDE USING gist (
    provider_id WITH =, daterange(first_date, last_date, '[]') WITH &&)
);
COMMENT ON TABLE date_overrides IS 'Hours that replace the weekly ones on each date of a range; time off over several days is one row.';
COMMENT ON COLUMN date_overrides.intervals IS 'List of [start, end] in minutes of the wall clock, sorted and disjoint; empty means closed.';

CREATE TABLE appointment_types (
  id uuid PRIMARY KEY,
  organization_id uuid NOT NULL REFERENCES organizations,
  name text NOT NULL,
  slug text NOT NULL,
  durations_minutes integer[] NOT NULL CHECK (cardinality(durations_minutes) > 0),
  buffer_before_minutes integer NOT NULL CHECK (buffer_before_minutes >= 0),
  buffer_after_minutes integer NOT NULL CHECK (buffer_after_minutes >= 0),
  minimum_notice_minutes integer NOT NULL CHECK (minimum_notice_minutes >= 0),
  horizon_days integer NOT NULL CHECK (horizon_days > 0),
  slot_step_minutes integer NOT NULL CHECK (slot_step_minutes > 0),
  color text NOT NULL,
  is_default boolean NOT NULL DEFAULT false,
  archived boolean NOT NULL DEFAULT false,
  version integer NOT NULL DEFAULT 1,
  created_at timestamptz NOT NULL DEFAULT now(),
  CONSTRAINT appointment_types_organization UNIQUE (organization_id, id),
  CONSTRAINT appointment_types_slug UNIQUE (organization_id, slug),
  CONSTRAINT appointment_types_default_stays CHECK (NOT (is_default AND archived))
);
CREATE UNIQUE INDEX appointment_types_one_default ON appointment_types (organization_id) WHERE is_default;
COMMENT ON TABLE appointment_types IS 'What can be booked.';
COMMENT ON COLUMN appointment_types.durations_minutes IS 'The default length first, the others ascending.';
COMMENT ON COLUMN appointment_types.is_default IS 'The seeded type, used when only a length is given; it cannot be archived.';

CREATE TABLE customers (
  id uuid PRIMARY KEY,
  organization_id uuid NOT NULL REFERENCES organizations,
  name text NOT NULL,
  email text NOT NULL DEFAULT '',
  phone text NOT NULL DEFAULT '',
  time_zone text NOT NULL DEFAULT '',
  notes text NOT NULL DEFAULT '',
  search_text text NOT NULL,
  version integer NOT NULL DEFAULT 1,
  created_at timestamptz NOT NULL DEFAULT now(),
  CONSTRAINT customers_organization UNIQUE (organization_id, id)
);
CREATE UNIQUE INDEX customers_email ON customers (organization_id, email) WHERE email <> '';
CREATE UNIQUE INDEX customers_phone_alone ON customers (organization_id, phone) WHERE phone <> '' AND email = '';
CREATE INDEX customers_phone ON customers (organization_id, phone) WHERE phone <> '';
CREATE INDEX customers_search ON customers USING gin (search_text gin_trgm_ops);
CREATE INDEX customers_by_name ON customers (organization_id, lower(name), id);
COMMENT ON TABLE customers IS 'Who comes. Known again by e-mail, then phone, never by name.';
COMMENT ON COLUMN customers.email IS 'Lower case; empty if unknown.';
COMMENT ON COLUMN customers.phone IS 'E.164; empty if unknown.';
COMMENT ON INDEX customers_email IS 'Two racing bookings of one new customer make one row; the loser reads it and goes on.';
COMMENT ON INDEX customers_phone_alone IS 'The same for customers of whom only the phone is known; with e-mail addresses a family may share a phone.';
COMMENT ON COLUMN customers.search_text IS 'Folded name, e-mail and phone.';
