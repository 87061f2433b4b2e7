-- Comparisons of both sides.

CREATE TABLE sweeps (
  id uuid PRIMARY KEY,
  connection_id uuid NOT NULL REFERENCES connections,
  organization_id uuid NOT NULL,
  asked_by text NOT NULL,
  started_at timestamptz NOT NULL DEFAULT now(),
  finished_at timestamptz,
  compared integer NOT NULL DEFAULT 0,
  differences integer NOT NULL DEFAULT 0,
  repaired integer NOT NULL DEFAULT 0,
  error text NOT NULL DEFAULT ''
);
CREATE UNIQUE INDEX sweeps_one_at_a_time ON sweeps (connection_id) WHERE finished_at IS NULL;
CREATE INDEX sweeps_newest ON sweeps (organization_id, started_at DESC);
COMMENT ON TABLE sweeps IS 'Comparisons of both sides in a window around now: at a set hour, when an account is first connected, and when a person asks. Ninety days are kept.';
COMMENT ON COLUMN sweeps.asked_by IS 'schedule, connection, or the UUID of the user.';
COMMENT ON COLUMN sweeps.error IS 'In words, when it could not finish; empty else.';

CREATE TABLE sweep_differences (
  id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  sweep_id uuid NOT NULL REFERENCES sweeps ON DELETE CASCADE,
  appointment_id uuid,
  external_uid text NOT NULL DEFAULT '',
  kind text NOT NULL CHECK (kind IN ('missing_there', 'missing_here', 'different_time', 'different_status', 'doubled_there',
    'event_type', 'schedule')),
  ours_status text NOT NULL DEFAULT 'absent',
  ours_start timestamptz,
  ours_duration integer NOT NULL DEFAULT 0,
  ours_customer_name text NOT NULL DEFAULT '',
  theirs_status text NOT NULL DEFAULT 'absent',
  theirs_start timestamptz,
  theirs_duration integer NOT NULL DEFAULT 0,
  theirs_customer_name text NOT NULL DEFAULT '',
  outcome text NOT NULL CHECK (outcome IN ('repaired', 'waiting', 'needs_choice'))
);
CREATE INDEX sweep_differences_of_sweep ON sweep_differences (sweep_id, id);
COMMENT ON TABLE sweep_differences IS 'What a sweep found, with both sides as they stood then.';
