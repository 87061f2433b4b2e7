-- What makes repeated requests, lost answers and a broker that forgets harmless.

CREATE TABLE idempotency_keys (
  organization_id uuid NOT NULL,
  actor text NOT NULL,
  key text NOT NULL,
  fingerprint bytea NOT NULL,
  answer jsonb NOT NULL,
  created_at timestamptz NOT NULL DEFAULT now(),
  CONSTRAINT idempotency_keys_once PRIMARY KEY (organization_id, actor, key)
);
CREATE INDEX idempotency_keys_age ON idempotency_keys (created_at);
COMMENT ON TABLE idempotency_keys IS 'The answer of each request that carried a key, written in the transaction of its effect. Kept 48 hours.';
COMMENT ON COLUMN idempotency_keys.fingerprint IS 'SHA-256 of operation and canonical request: another body under the same key is refused.';

CREATE TABLE outbox (
  seq bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  event_id uuid NOT NULL UNIQUE,
  subject text NOT NULL,
  aggregate_id uuid NOT NULL,
  aggregate_version integer NOT NULL,
  payload bytea NOT NULL,
  headers jsonb NOT NULL DEFAULT '{}',
  occurred_at timestamptz NOT NULL,
  xid xid8 NOT NULL DEFAULT pg_current_xact_id(),
  published_at timestamptz,
  CONSTRAINT outbox_one_event_per_version UNIQUE (aggregate_id, aggregate_version)
);
CREATE INDEX outbox_unpublished ON outbox (seq) WHERE published_at IS NULL;
CREATE INDEX outbox_published ON outbox (published_at) WHERE published_at IS NOT NULL;
COMMENT ON TABLE outbox IS 'Facts on their way out, written in the transaction that made them true. Published rows stay seven days.';
COMMENT ON COLUMN outbox.xid IS 'The writing transaction, so that readers by sequence never pass one that may still commit.';

CREATE TABLE inbox (
  consumer text NOT NULL,
  event_id uuid NOT NULL,
  received_at timestamptz NOT NULL DEFAULT now(),
  PRIMARY KEY (consumer, event_id)
);
COMMENT ON TABLE inbox IS 'Messages already applied, per consumer, so that a second delivery changes nothing.';
