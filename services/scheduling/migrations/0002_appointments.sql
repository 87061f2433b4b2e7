-- Claims on time and what they are for.

CREATE TABLE reservations (
  id uuid PRIMARY KEY,
  organization_id uuid NOT NULL,
  provider_id uuid NOT NULL,
  kind text NOT NULL CHECK (kind IN ('appointment', 'block', 'hold')),
  expires_at timestamptz,
  during tstzrange NOT NULL CHECK (NOT isempty(during) AND lower_inc(during) AND NOT upper_inc(during)
    AND lower(during) IS NOT NULL AND upper(during) IS NOT NULL),
  occupies tstzrange NOT NULL,
  CONSTRAINT reservations_occupies_during CHECK (occupies @> during),
  CONSTRAINT reservations_holds_expire CHECK ((kind = 'hold') = (expires_at IS NOT NULL)),
  CONSTRAINT reservations_provider FOREIGN KEY (organization_id, provider_id) REFERENCES providers (organization_id, id),
  CONSTRAINT reservations_no_overlap EXCLUDE USING gist (provider_id WITH =, occupies WITH &&)
);
CREATE INDEX reservations_holds ON reservations (expires_at) WHERE kind = 'hold';
CREATE INDEX reservations_blocks ON reservations (organization_id, lower(during)) WHERE kind = 'block';
COMMENT ON TABLE reservations IS 'A claim on a provider''s time: an appointment, blocked time or a hold. Busy time is read from here alone.';
COMMENT ON COLUMN reservations.during IS 'The claimed time itself, [start, end).';
COMMENT ON COLUMN reservations.occupies IS 'during plus buffers; neighbours'' buffers add up because both stand in the constraint.';
COMMENT ON COLUMN reservations.expires_at IS 'Holds only: from then on the time counts as free; the row goes under the provider''s lock.';
COMMENT ON CONSTRAINT reservations_no_overlap ON reservations IS 'Nobody can be booked twice. One table, because no constraint spans tables. The lock taken before writing keeps contention civil; this guarantees.';

CREATE TABLE blocks (
  reservation_id uuid PRIMARY KEY REFERENCES reservations ON DELETE CASCADE,
  organization_id uuid NOT NULL,
  title text NOT NULL DEFAULT ''
);
COMMENT ON TABLE blocks IS 'What the owner wrote on blocked time; the time itself is the reservation.';

CREATE TABLE appointments (
  id uuid PRIMARY KEY,
  organization_id uuid NOT NULL,
  reservation_id uuid CONSTRAINT appointments_reservation UNIQUE REFERENCES reservations,
  provider_id uuid NOT NULL,
  appointment_type_id uuid NOT NULL,
  customer_id uuid NOT NULL,
  during tstzrange NOT NULL CHECK (NOT isempty(during) AND lower_inc(during) AND NOT upper_inc(during)
    AND lower(during) IS NOT NULL AND upper(during) - lower(during) <= interval '1440 minutes'),
  status text NOT NULL CHECK (status IN ('scheduled', 'completed', 'no_show', 'cancelled')),
  notes text NOT NULL DEFAULT '',
  arrived_at timestamptz,
  cancellation_reason text NOT NULL DEFAULT '',
  override boolean NOT NULL DEFAULT false,
  version integer NOT NULL,
  search_text text NOT NULL,
  created_at timestamptz NOT NULL,
  updated_at timestamptz NOT NULL,
  CONSTRAINT appointments_claim_time CHECK ((reservation_id IS NOT NULL) = (status IN ('scheduled', 'completed'))),
  CONSTRAINT appointments_provider FOREIGN KEY (organization_id, provider_id) REFERENCES providers (organization_id, id),
  CONSTRAINT appointments_type FOREIGN KEY (organization_id, appointment_type_id) REFERENCES appointment_types (organization_id, id),
  CONSTRAINT appointments_customer FOREIGN KEY (organization_id, customer_id) REFERENCES customers (organization_id, id)
);
CREATE INDEX appointments_by_start ON appointments (organization_id, lower(during), id);
CREATE INDEX appointments_by_customer ON appointments (customer_id, lower(during));
CREATE INDEX appointments_search ON appointments USING gin (search_text gin_trgm_ops);
COMMENT ON TABLE appointments IS 'What the practice knows of each appointment, cancelled ones included. While it is scheduled or completed it owns a reservation.';
COMMENT ON COLUMN appointments.during IS 'The time, also after the reservation is gone. At most 1440 minutes, which lets lists by overlap use an index bounded on both sides.';
COMMENT ON COLUMN appointments.override IS 'Booked against a rule by the owner''s decision.';
COMMENT ON COLUMN appointments.version IS 'Rises by one with each change, without gaps; the ETag and the version of its events.';
COMMENT ON COLUMN appointments.search_text IS 'Folded customer name, e-mail, phone and the notes, kept here so that a search is one index.';

CREATE TABLE appointment_history (
  appointment_id uuid NOT NULL REFERENCES appointments,
  version integer NOT NULL,
  organization_id uuid NOT NULL,
  action text NOT NULL CHECK (action IN ('booked', 'rescheduled', 'changed', 'cancelled', 'completed', 'no_show', 'arrived')),
  at timestamptz NOT NULL,
  actor text NOT NULL,
  reason text NOT NULL DEFAULT '',
  during tstzrange NOT NULL,
  status text NOT NULL,
  override boolean NOT NULL,
  PRIMARY KEY (appointment_id, version)
);
COMMENT ON TABLE appointment_history IS 'One line per change. The key makes a version that two writers both claim impossible.';

CREATE TABLE appointment_sync (
  appointment_id uuid PRIMARY KEY,
  organization_id uuid NOT NULL,
  event_version integer NOT NULL,
  appointment_version integer NOT NULL,
  state text NOT NULL CHECK (state IN ('off', 'waiting', 'in_step', 'failed', 'different')),
  target text NOT NULL DEFAULT '',
  external_uid text NOT NULL DEFAULT '',
  start_at timestamptz,
  duration_minutes integer NOT NULL DEFAULT 0,
  synced_at timestamptz,
  last_error text NOT NULL DEFAULT ''
);
COMMENT ON TABLE appointment_sync IS 'Projection of calendar sync''s events, so that lists need no second service. The mark is derived on reading.';
COMMENT ON COLUMN appointment_sync.event_version IS 'Version of the event kept; older ones change nothing.';
