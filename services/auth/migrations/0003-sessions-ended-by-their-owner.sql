-- People end sessions of their own elsewhere, and setting a new password ends the others.

ALTER TABLE sessions DROP CONSTRAINT sessions_reason_known;
ALTER TABLE sessions ADD CONSTRAINT sessions_reason_known CHECK (revoked_reason IN
  ('logout', 'reuse', 'password_reset', 'password_change', 'ended_elsewhere')) NOT VALID;
COMMENT ON CONSTRAINT sessions_reason_known ON sessions IS 'Wider than before, so older rows need no second look.';
