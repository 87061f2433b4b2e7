-- The ledger of calendar sync: what each outside calendar should show, what we did about it, and what stands there.

CREATE TABLE connections (
  id uuid PRIMARY KEY,
  organization_id uuid NOT NULL,
  target text NOT NULL CHECK (target IN ('calcom')),
  from_environment boolean NOT NULL DEFAULT false,
  base_url text NOT NULL DEFAULT '',
  state text NOT NULL CHECK (state IN ('off', 'connected', 'unreachable', 'needs_attention')),
  message text NOT NULL DEFAULT '',
  key_fingerprint text NOT NULL DEFAULT '',
  account_id text NOT NULL DEFAULT '',
  account_name text NOT NULL DEFAULT '',
  event_type_id text NOT NULL DEFAULT '',
  schedule_id text NOT NULL DEFAULT '',
  last_success_at timestamptz,
  calls_remaining integer,
  calls_reset_at timestamptz,
  lease_owner text,
  lease_token bigint NOT NULL DEFAULT 0,
  lease_until timestamptz,
  probe_requested boolean NOT NULL DEFAULT false,
  event_version integer NOT NULL DEFAULT 0,
  created_at timestamptz NOT NULL DEFAULT now(),
  CONSTRAINT connections_one_per_target UNIQUE (organization_id, target)
);
CREATE UNIQUE INDEX connections_one_from_environment ON connections (target) WHERE from_environment;
COMMENT ON TABLE connections IS 'One outside calendar of one organisation. The row exists, in state off, before anything is connected, so that changes are recorded and connecting later catches up.';
COMMENT ON COLUMN connections.from_environment IS 'The connection named by CALCOM_API_URL; it belongs to one organisation only.';
COMMENT ON COLUMN connections.key_fingerprint IS 'A short hash of the key last used, to notice a new key; the key itself is never stored here.';
COMMENT ON COLUMN connections.lease_owner IS 'The worker that alone talks to this calendar; it owns the rate budget, the breaker and the order of work.';
COMMENT ON COLUMN connections.lease_token IS 'Rises with each new owner; a result is recorded only under the token it was begun with.';
COMMENT ON COLUMN connections.calls_remaining IS 'The rate budget as the target last told it, so that the next owner of the lease keeps to it.';
COMMENT ON COLUMN connections.probe_requested IS 'A person asked to try again: the worker asks the target at once instead of at its own slow hour.';
COMMENT ON COLUMN connections.event_version IS 'Version of the last ConnectionChanged event.';

CREATE TABLE calendar_links (
  connection_id uuid NOT NULL REFERENCES connections,
  appointment_id uuid NOT NULL,
  organization_id uuid NOT NULL,
  provider_id uuid NOT NULL,
  wanted_version integer NOT NULL,
  wanted_presence text NOT NULL CHECK (wanted_presence IN ('present', 'absent', 'as_is')),
  wanted_start timestamptz NOT NULL,
  wanted_minutes integer NOT NULL CHECK (wanted_minutes > 0),
  attendee jsonb NOT NULL,
  changed_at timestamptz NOT NULL,
  attempt_kind text CHECK (attempt_kind IN ('create', 'move', 'remove')),
  attempt_uid text,
  attempt_version integer,
  attempt_start timestamptz,
  attempt_minutes integer,
  attempt_looks_left integer,
  look_after timestamptz,
  standing_uid text,
  standing_start timestamptz,
  standing_minutes integer,
  done_version integer NOT NULL DEFAULT 0,
  uids text[] NOT NULL DEFAULT '{}',
  synced_at timestamptz,
  state text NOT NULL DEFAULT 'waiting' CHECK (state IN ('waiting', 'in_step', 'failed', 'different')),
  refusal text,
  message text NOT NULL DEFAULT '',
  attempts integer NOT NULL DEFAULT 0,
  faults integer NOT NULL DEFAULT 0,
  started integer NOT NULL DEFAULT 0,
  finished integer NOT NULL DEFAULT 0,
  next_attempt_at timestamptz,
  event_version integer NOT NULL DEFAULT 0,
  PRIMARY KEY (connection_id, appointment_id),
  CONSTRAINT calendar_links_attempt_whole CHECK (num_nulls(attempt_kind, attempt_uid, attempt_version, attempt_start, attempt_minutes, attempt_looks_left) IN (0, 6)),
  CONSTRAINT calendar_links_standing_whole CHECK (num_nulls(standing_uid, standing_start, standing_minutes) IN (0, 3)),
  CONSTRAINT calendar_links_due_only_while_waiting CHECK ((next_attempt_at IS NOT NULL) = (state = 'waiting'))
);
CREATE INDEX calendar_links_waiting ON calendar_links (connection_id, next_attempt_at) WHERE state = 'waiting';
CREATE INDEX calendar_links_parked ON calendar_links (connection_id) WHERE state IN ('failed', 'different');
CREATE INDEX calendar_links_standing ON calendar_links (connection_id, standing_start) WHERE standing_uid IS NOT NULL;
COMMENT ON TABLE calendar_links IS 'One row per appointment and calendar: wanted (what scheduling says), attempt (a call that may have happened), standing (what we know to be there). A worker makes standing equal to wanted.';
COMMENT ON COLUMN calendar_links.changed_at IS 'When the change the row waits for was committed in scheduling; sync latency counts from here.';
COMMENT ON COLUMN calendar_links.attempt_kind IS 'Written before a call and cleared after its answer; while it is set, the worker looks before it does anything else.';
COMMENT ON COLUMN calendar_links.look_after IS 'A call that got no answer may still take effect; before this time a look could miss it.';
COMMENT ON COLUMN calendar_links.uids IS 'Every uid the booking had, newest first; the target issues a new one with each move.';
COMMENT ON COLUMN calendar_links.attempts IS 'Decisions of the target against us since the last success; faults of availability are not counted here.';
COMMENT ON COLUMN calendar_links.faults IS 'Faults of availability in a row, for the growing pause; an outage never parks a row.';
COMMENT ON COLUMN calendar_links.started IS 'Steps begun; far ahead of finished means that this row kills its worker, and it is parked.';
COMMENT ON COLUMN calendar_links.message IS 'For the owner, in words; no personal data.';

CREATE TABLE availability_links (
  connection_id uuid NOT NULL REFERENCES connections,
  provider_id uuid NOT NULL,
  organization_id uuid NOT NULL,
  wanted_version integer NOT NULL,
  time_zone text NOT NULL,
  weekly jsonb NOT NULL,
  overrides jsonb NOT NULL,
  changed_at timestamptz NOT NULL,
  done_version integer NOT NULL DEFAULT 0,
  schedule_name text NOT NULL,
  schedule_id text NOT NULL DEFAULT '',
  state text NOT NULL DEFAULT 'waiting' CHECK (state IN ('waiting', 'in_step', 'failed')),
  message text NOT NULL DEFAULT '',
  attempts integer NOT NULL DEFAULT 0,
  faults integer NOT NULL DEFAULT 0,
  next_attempt_at timestamptz,
  synced_at timestamptz,
  PRIMARY KEY (connection_id, provider_id),
  CONSTRAINT availability_links_one_name UNIQUE (connection_id, schedule_name),
  CONSTRAINT availability_links_due_only_while_waiting CHECK ((next_attempt_at IS NOT NULL) = (state = 'waiting'))
);
COMMENT ON TABLE availability_links IS 'One row per provider and calendar: the hours scheduling wants shown, and whether the schedule there shows them. Writing hours twice is harmless, so no attempt is kept.';
COMMENT ON COLUMN availability_links.weekly IS 'List of {weekday 1-7, startMinute, endMinute}, wall-clock in time_zone.';
COMMENT ON COLUMN availability_links.overrides IS 'List of {date, endDate, intervals: [{startMinute, endMinute}]}; empty intervals mean closed.';

CREATE TABLE change_cursor (
  source text PRIMARY KEY,
  sequence bigint NOT NULL
);
COMMENT ON TABLE change_cursor IS 'How far the list of changes of scheduling was read: the backstop for a broker that forgot.';
