-- Connections that owners set up in the app, and what Cal.com tells us by webhook.

ALTER TABLE connections DROP CONSTRAINT connections_state_check;
ALTER TABLE connections ADD CONSTRAINT connections_state_check
  CHECK (state IN ('off', 'connected', 'unreachable', 'needs_attention', 'paused'));
ALTER TABLE connections ADD COLUMN sealed_key bytea;
ALTER TABLE connections ADD COLUMN profile text NOT NULL DEFAULT '' CHECK (profile IN ('', 'hosted', 'self_hosted'));
ALTER TABLE connections ADD COLUMN attendee_addresses text NOT NULL DEFAULT 'placeholder'
  CHECK (attendee_addresses IN ('placeholder', 'real'));
ALTER TABLE connections ADD COLUMN placeholder_domain text NOT NULL DEFAULT '';
ALTER TABLE connections ADD COLUMN settings_version integer NOT NULL DEFAULT 0;
ALTER TABLE connections ADD COLUMN started_at timestamptz;
ALTER TABLE connections ADD COLUMN ending jsonb;
ALTER TABLE connections ADD COLUMN webhook_id text NOT NULL DEFAULT '';
ALTER TABLE connections ADD COLUMN webhook_url text NOT NULL DEFAULT '';
ALTER TABLE connections ADD COLUMN sealed_webhook_secret bytea;
ALTER TABLE connections ADD COLUMN sealed_previous_secret bytea;
ALTER TABLE connections ADD COLUMN previous_secret_until timestamptz;
ALTER TABLE connections ADD COLUMN webhook_secret_since timestamptz;
ALTER TABLE connections ADD COLUMN webhook_checked_at timestamptz;
ALTER TABLE connections ADD COLUMN inbound text NOT NULL DEFAULT 'polling'
  CHECK (inbound IN ('polling', 'webhook', 'webhook_failed'));
COMMENT ON COLUMN connections.sealed_key IS 'The API key under AES-256-GCM with a key from the environment and this row''s id as additional data; null when the environment gives the key.';
COMMENT ON COLUMN connections.profile IS 'Which kind of Cal.com answers; empty: not found out yet.';
COMMENT ON COLUMN connections.attendee_addresses IS 'Which address Cal.com gets for a customer, because it mails attendees by itself.';
COMMENT ON COLUMN connections.placeholder_domain IS 'Domain of placeholder addresses; empty: the operator''s default.';
COMMENT ON COLUMN connections.settings_version IS 'Rises when address, key or addresses change: a worker with an older one is replaced.';
COMMENT ON COLUMN connections.started_at IS 'When the owner started it; latencies count for changes made since. Null: since it is there.';
COMMENT ON COLUMN connections.ending IS '{cancelBookings, hideEventTypes}: it is being disconnected and this is still to be taken away there. Null: it is not.';
COMMENT ON COLUMN connections.sealed_webhook_secret IS 'As sealed_key: what Cal.com signs its webhooks with. Kept before it is given there, so that no delivery is refused.';
COMMENT ON COLUMN connections.sealed_previous_secret IS 'The secret before the last change, good until previous_secret_until.';
COMMENT ON COLUMN connections.inbound IS 'How changes made there reach us; polling goes on in every case.';

CREATE TABLE inbound_webhooks (
  id uuid PRIMARY KEY,
  connection_id uuid NOT NULL REFERENCES connections,
  received_at timestamptz NOT NULL DEFAULT now(),
  digest bytea NOT NULL,
  trigger text NOT NULL,
  created_at_there timestamptz,
  booking_uid text,
  our_appointment_id uuid,
  processed_at timestamptz,
  attempts integer NOT NULL DEFAULT 0,
  last_error text,
  CONSTRAINT inbound_webhooks_once UNIQUE (connection_id, digest)
);
CREATE INDEX inbound_webhooks_unprocessed ON inbound_webhooks (connection_id, received_at) WHERE processed_at IS NULL;
CREATE INDEX inbound_webhooks_by_age ON inbound_webhooks (received_at);
COMMENT ON TABLE inbound_webhooks IS 'Webhooks whose signature was good: a reason to look, never the truth. No payload is kept. Thirty days.';
COMMENT ON COLUMN inbound_webhooks.digest IS 'SHA-256 of the raw body: the same body again is the same webhook.';
COMMENT ON COLUMN inbound_webhooks.trigger IS 'As Cal.com names it; empty when the body could not be read.';
COMMENT ON COLUMN inbound_webhooks.our_appointment_id IS 'The id of ours that the booking carries, if it does.';

CREATE TABLE push_latencies (
  id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  connection_id uuid NOT NULL REFERENCES connections,
  at timestamptz NOT NULL,
  milliseconds double precision NOT NULL
);
CREATE INDEX push_latencies_latest ON push_latencies (connection_id, at);
COMMENT ON TABLE push_latencies IS 'From the commit of a change to the moment the calendar had it, one row for each version that was brought in step; a day is kept.';

-- Each version counts once, when it is first in step; retries and repairs of what was in step already say nothing of it.
CREATE FUNCTION record_push_latency() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  INSERT INTO push_latencies (connection_id, at, milliseconds)
    SELECT NEW.connection_id, now(), greatest(0, extract(epoch FROM now() - NEW.changed_at) * 1000)
    FROM connections c WHERE c.id = NEW.connection_id AND NEW.changed_at >= coalesce(c.started_at, c.created_at);
  RETURN NULL;
END $$;
CREATE TRIGGER calendar_links_in_step AFTER UPDATE OF done_version ON calendar_links FOR EACH ROW
  WHEN (NEW.done_version > OLD.done_version AND NEW.state = 'in_step')
  EXECUTE FUNCTION record_push_latency();
