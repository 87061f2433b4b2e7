-- What happens on the other side: what stands there as last seen, who made it, and how far we have read.

ALTER TABLE connections ADD COLUMN IF NOT EXISTS last_poll_at timestamptz;
ALTER TABLE connections ADD COLUMN inbound_from timestamptz;
ALTER TABLE connections ADD COLUMN inbound_watermark timestamptz;
COMMENT ON COLUMN connections.last_poll_at IS 'When the changes made there were last asked for with success.';
COMMENT ON COLUMN connections.inbound_from IS 'Bookings made there are taken in if they begin at or after this instant: when the account was first connected.';
COMMENT ON COLUMN connections.inbound_watermark IS 'The latest change there that was read, by the clock there. Null: both sides are to be compared whole before anything is pushed.';

ALTER TABLE calendar_links ADD COLUMN ours_status text NOT NULL DEFAULT 'scheduled'
  CHECK (ours_status IN ('scheduled', 'completed', 'no_show', 'cancelled', 'absent'));
ALTER TABLE calendar_links ADD COLUMN appointment_type_id uuid;
ALTER TABLE calendar_links ADD COLUMN made_there boolean NOT NULL DEFAULT false;
ALTER TABLE calendar_links ADD COLUMN theirs_status text NOT NULL DEFAULT ''
  CHECK (theirs_status IN ('', 'scheduled', 'pending', 'cancelled', 'rejected', 'no_show', 'absent'));
ALTER TABLE calendar_links ADD COLUMN theirs_start timestamptz;
ALTER TABLE calendar_links ADD COLUMN theirs_duration integer;
ALTER TABLE calendar_links ADD COLUMN theirs_customer_name text NOT NULL DEFAULT '';
ALTER TABLE calendar_links ADD COLUMN standing_no_show boolean NOT NULL DEFAULT false;
ALTER TABLE calendar_links ADD COLUMN updated_at timestamptz NOT NULL DEFAULT now();
COMMENT ON COLUMN calendar_links.ours_status IS 'How the appointment stands here; absent: there is no appointment of ours, the row (wanted_version 0, an id of its own) stands for a booking made there that is not taken in.';
COMMENT ON COLUMN calendar_links.appointment_type_id IS 'What was booked; null: unknown, as before types were mirrored.';
COMMENT ON COLUMN calendar_links.made_there IS 'The booking was made there and taken in, not made by us.';
COMMENT ON COLUMN calendar_links.theirs_status IS 'How the booking stood there when it was last seen; empty: never seen. theirs_start, theirs_duration (minutes) and theirs_customer_name go with it.';
COMMENT ON COLUMN calendar_links.standing_no_show IS 'The standing booking is marked there as missed by the customer.';
COMMENT ON COLUMN calendar_links.updated_at IS 'Last change of the line as people see it, kept by a trigger.';
UPDATE calendar_links SET
  ours_status = CASE wanted_presence WHEN 'absent' THEN 'cancelled' WHEN 'as_is' THEN 'completed' ELSE 'scheduled' END,
  theirs_status = CASE WHEN standing_uid IS NOT NULL THEN 'scheduled' WHEN cardinality(uids) > 0 THEN 'cancelled' ELSE '' END,
  theirs_start = standing_start, theirs_duration = standing_minutes,
  theirs_customer_name = CASE WHEN standing_uid IS NULL THEN '' ELSE coalesce(attendee ->> 'name', '') END,
  updated_at = coalesce(synced_at, changed_at);
CREATE INDEX calendar_links_uids ON calendar_links USING gin (uids);
CREATE INDEX calendar_links_ledger ON calendar_links (organization_id, updated_at DESC, appointment_id);

CREATE FUNCTION calendar_links_touch() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  NEW.updated_at := now();
  RETURN NEW;
END $$;
CREATE TRIGGER calendar_links_touched BEFORE UPDATE ON calendar_links FOR EACH ROW
  WHEN ((OLD.state, OLD.message, OLD.wanted_version, OLD.standing_uid, OLD.theirs_status, OLD.theirs_start)
    IS DISTINCT FROM (NEW.state, NEW.message, NEW.wanted_version, NEW.standing_uid, NEW.theirs_status, NEW.theirs_start))
  EXECUTE FUNCTION calendar_links_touch();

CREATE TABLE inbound_intents (
  connection_id uuid NOT NULL REFERENCES connections,
  uid text NOT NULL,
  change_key text NOT NULL,
  start timestamptz NOT NULL,
  begun_at timestamptz NOT NULL DEFAULT now(),
  PRIMARY KEY (connection_id, uid)
);
COMMENT ON TABLE inbound_intents IS 'Bookings made there that scheduling is being asked to take in. Written before the call: a crash between its answer and our row would else push the new appointment back as a second booking.';
COMMENT ON COLUMN inbound_intents.change_key IS 'The key of the call, the same for every repeat.';

CREATE TABLE sync_attempts (
  id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  organization_id uuid NOT NULL,
  appointment_id uuid NOT NULL,
  at timestamptz NOT NULL,
  duration_ms integer NOT NULL,
  action text NOT NULL CHECK (action IN ('look', 'create', 'move', 'cancel', 'mark_absent', 'webhook', 'poll')),
  outcome text NOT NULL CHECK (outcome IN ('ok', 'failed', 'unknown')),
  status integer NOT NULL DEFAULT 0,
  message text NOT NULL DEFAULT ''
);
CREATE INDEX sync_attempts_of_appointment ON sync_attempts (organization_id, appointment_id, id DESC);
CREATE INDEX sync_attempts_by_age ON sync_attempts (at);
COMMENT ON TABLE sync_attempts IS 'The last fifty calls about an appointment, thirty days at most: no secrets, no personal data.';
COMMENT ON COLUMN sync_attempts.outcome IS 'unknown: no answer came, so the call may have happened.';
COMMENT ON COLUMN sync_attempts.status IS 'HTTP status; 0 when none came.';
