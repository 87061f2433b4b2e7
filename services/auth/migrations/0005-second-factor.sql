-- A second factor by codes of time (RFC 6238). Only what is new: the version before runs on beside it and asks for no code.

ALTER TABLE users ADD COLUMN second_factor_id uuid;
COMMENT ON COLUMN users.second_factor_id IS
  'The confirmed second factor without which there is no new session; null: the password is enough. It stands in this row so that one lock decides between a sign-in and a change of it.';

CREATE TABLE second_factors (
  user_id uuid PRIMARY KEY REFERENCES users,
  id uuid NOT NULL,
  secret_sealed bytea NOT NULL,
  begun_at timestamptz NOT NULL,
  confirmed_at timestamptz,
  last_step bigint,
  CONSTRAINT second_factors_id_unique UNIQUE (id),
  CONSTRAINT second_factors_step_not_negative CHECK (last_step >= 0)
);
COMMENT ON TABLE second_factors IS
  'The secret of an account''s second factor. It counts once users.second_factor_id names it; begun again before that, the row is replaced.';
COMMENT ON COLUMN second_factors.secret_sealed IS
  '160 random bits under AES-256-GCM (KEY_ENCRYPTION_KEY, id as associated data), so that a copy of the database makes no codes.';
COMMENT ON COLUMN second_factors.begun_at IS 'The instant the secret was made; it can be confirmed for fifteen minutes.';
COMMENT ON COLUMN second_factors.confirmed_at IS 'The instant a first code showed that the app has the secret; null: not yet.';
COMMENT ON COLUMN second_factors.last_step IS
  'The thirty seconds, counted from 1970 by the clock of the database, of the last code that was taken; no code of it or before it counts again.';

CREATE TABLE recovery_codes (
  second_factor_id uuid NOT NULL REFERENCES second_factors (id) ON DELETE CASCADE,
  code_hash bytea NOT NULL,
  PRIMARY KEY (second_factor_id, code_hash),
  CONSTRAINT recovery_codes_hash_is_sha256 CHECK (octet_length(code_hash) = 32)
);
COMMENT ON TABLE recovery_codes IS
  'Recovery codes that still count; one that was used is deleted. Each has 120 random bits, so a plain hash of it tells nothing.';

ALTER TABLE sessions DROP CONSTRAINT sessions_reason_known;
ALTER TABLE sessions ADD CONSTRAINT sessions_reason_known CHECK (revoked_reason IN
  ('logout', 'reuse', 'password_reset', 'password_change', 'ended_elsewhere', 'second_factor_change')) NOT VALID;
COMMENT ON CONSTRAINT sessions_reason_known ON sessions IS 'Wider than before, so older rows need no second look.';
