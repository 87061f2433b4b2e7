-- What every column that holds a time holds. Comments only: nothing that runs waits for them.

COMMENT ON COLUMN organizations.created_at IS 'The instant the practice was made here.';
COMMENT ON COLUMN users.created_at IS 'The instant the account was made.';
COMMENT ON COLUMN users.password_changed_at IS 'The instant the present password was set.';
COMMENT ON COLUMN sessions.created_at IS 'The instant of the sign-in.';
COMMENT ON COLUMN sessions.rotated_at IS 'The instant of the last rotation, at first of the sign-in; shown as when the session was last used.';
COMMENT ON COLUMN sessions.absolute_expires_at IS 'The instant from which no rotation is granted, however busy the session.';
COMMENT ON COLUMN sessions.revoked_at IS 'The instant the session was ended before its time; null: it was not.';
COMMENT ON COLUMN spent_refresh_tokens.spent_at IS 'The instant the token was exchanged; the ten seconds of a lost answer count from here.';
COMMENT ON COLUMN signing_keys.created_at IS 'The instant the key was made.';
COMMENT ON COLUMN signing_keys.retired_at IS 'The instant from which the key signs no more; null: it signs.';
COMMENT ON COLUMN throttle_counters.last_failure_at IS 'The instant of the last failed sign-in; the fading counts from here.';
COMMENT ON COLUMN throttle_counters.blocked_until IS 'The instant before which attempts are refused unseen; null: none is.';
COMMENT ON COLUMN throttle_counters.updated_at IS 'The instant of the last change, by which old counters are cleared away.';
