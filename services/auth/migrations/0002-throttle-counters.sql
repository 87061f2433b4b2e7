-- Sign-in attempts are counted in the database so that all replicas see the same count.

CREATE TABLE throttle_counters (
  scope text NOT NULL,
  key bytea NOT NULL,
  failures double precision NOT NULL DEFAULT 0,
  last_failure_at timestamptz,
  blocked_until timestamptz,
  admitted_from timestamptz,
  updated_at timestamptz NOT NULL,
  PRIMARY KEY (scope, key),
  CONSTRAINT throttle_counters_scope_known CHECK (scope IN ('account_address', 'address', 'global')),
  CONSTRAINT throttle_counters_failures_not_negative CHECK (failures >= 0)
);
COMMENT ON TABLE throttle_counters IS
  'Failed sign-ins by account and address, by address, and in all. There is no counter by account alone: it would let anyone lock the owner out.';
COMMENT ON COLUMN throttle_counters.key IS
  'Keyed hash of what is counted; the table holds neither addresses nor usernames, existing or not.';
COMMENT ON COLUMN throttle_counters.failures IS 'A number with a fraction, because the global count fades with time.';
COMMENT ON COLUMN throttle_counters.admitted_from IS
  'While the whole installation is under attack a new address waits its turn: from this instant on it may try.';
CREATE INDEX throttle_counters_age ON throttle_counters (updated_at);
