-- Accounts, sessions and signing keys. Sessions are rows, not only tokens, so that one statement can end them.

CREATE TABLE organizations (
  id uuid PRIMARY KEY,
  name text NOT NULL,
  created_at timestamptz NOT NULL DEFAULT now(),
  CONSTRAINT organizations_name_length CHECK (char_length(name) BETWEEN 1 AND 200)
);
COMMENT ON TABLE organizations IS 'A practice. Every account belongs to one; rows of other services carry its id.';

CREATE TABLE users (
  id uuid PRIMARY KEY,
  organization_id uuid NOT NULL REFERENCES organizations,
  username text NOT NULL,
  username_key text NOT NULL,
  full_name text NOT NULL,
  password_hash text NOT NULL,
  roles text[] NOT NULL,
  active boolean NOT NULL DEFAULT true,
  created_at timestamptz NOT NULL DEFAULT now(),
  password_changed_at timestamptz NOT NULL DEFAULT now(),
  CONSTRAINT users_username_unique UNIQUE (username_key),
  CONSTRAINT users_username_length CHECK (char_length(username) BETWEEN 1 AND 200),
  CONSTRAINT users_roles_known CHECK (cardinality(roles) > 0 AND roles <@ ARRAY['owner', 'admin', 'staff', 'customer']),
  CONSTRAINT users_password_hash_is_argon2id CHECK (password_hash LIKE '$argon2id$%')
);
COMMENT ON TABLE users IS 'A person who can sign in.';
COMMENT ON COLUMN users.username_key IS
  'The username folded by the application (NFKC, lower case). Kept apart because lower() depends on the collation of the server.';
COMMENT ON COLUMN users.password_hash IS 'PHC string with its parameters, so that they can be raised and old hashes renewed at sign-in.';
COMMENT ON COLUMN users.active IS 'False refuses sign-in, refresh and every session of the account at once.';

CREATE TABLE sessions (
  id uuid PRIMARY KEY,
  organization_id uuid NOT NULL REFERENCES organizations,
  user_id uuid NOT NULL REFERENCES users,
  token_hash bytea NOT NULL,
  created_at timestamptz NOT NULL,
  rotated_at timestamptz NOT NULL,
  expires_at timestamptz NOT NULL,
  absolute_expires_at timestamptz NOT NULL,
  revoked_at timestamptz,
  revoked_reason text,
  user_agent text NOT NULL DEFAULT '',
  CONSTRAINT sessions_token_hash_unique UNIQUE (token_hash),
  CONSTRAINT sessions_token_hash_is_sha256 CHECK (octet_length(token_hash) = 32),
  CONSTRAINT sessions_idle_within_absolute CHECK (expires_at <= absolute_expires_at),
  CONSTRAINT sessions_revocation_has_reason CHECK ((revoked_at IS NULL) = (revoked_reason IS NULL)),
  CONSTRAINT sessions_reason_known CHECK (revoked_reason IN ('logout', 'reuse', 'password_reset'))
);
COMMENT ON TABLE sessions IS
  'A family of refresh tokens. token_hash is the only live one, so a rotation is one UPDATE that only one caller can win.';
COMMENT ON COLUMN sessions.expires_at IS 'Idle end; each rotation moves it on, never past absolute_expires_at.';
CREATE INDEX sessions_of_user ON sessions (user_id);
CREATE INDEX sessions_revoked ON sessions (revoked_at) WHERE revoked_at IS NOT NULL;
COMMENT ON INDEX sessions_revoked IS 'The revocation feed reads the latest of these every second.';
CREATE INDEX sessions_expiry ON sessions (expires_at);
COMMENT ON INDEX sessions_expiry IS 'For the job that deletes ended sessions.';

CREATE TABLE spent_refresh_tokens (
  token_hash bytea PRIMARY KEY,
  session_id uuid NOT NULL REFERENCES sessions ON DELETE CASCADE,
  spent_at timestamptz NOT NULL,
  CONSTRAINT spent_refresh_tokens_hash_is_sha256 CHECK (octet_length(token_hash) = 32)
);
COMMENT ON TABLE spent_refresh_tokens IS
  'Every token of a session that was exchanged. Seen again within ten seconds it is a lost answer, later it is a theft.';
CREATE INDEX spent_refresh_tokens_of_session ON spent_refresh_tokens (session_id);

CREATE TABLE signing_keys (
  kid text PRIMARY KEY,
  public_key_pem text NOT NULL,
  private_key_sealed bytea NOT NULL,
  created_at timestamptz NOT NULL,
  retired_at timestamptz
);
COMMENT ON TABLE signing_keys IS
  'ES256 keys. The newest without retired_at signs; a retired one still verifies until its last access token has ended. Setting retired_at rotates: the service makes the next key by itself.';
COMMENT ON COLUMN signing_keys.private_key_sealed IS
  'PKCS 8 under AES-256-GCM (KEY_ENCRYPTION_KEY, kid as associated data), so that a copy of the database signs nothing.';
