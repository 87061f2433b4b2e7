-- Customers who are forgotten.

ALTER TABLE customers ADD COLUMN erased_at timestamptz;
COMMENT ON COLUMN customers.erased_at IS 'The instant the customer was erased: the row holds nobody''s particulars any more and stands only for the appointments. Null: not.';

CREATE TABLE stream_erasures (
  outbox_seq bigint PRIMARY KEY,
  requested_at timestamptz NOT NULL DEFAULT now()
);
COMMENT ON TABLE stream_erasures IS 'Events whose copy in the broker''s stream told of an erased customer and is still to be deleted there.';
COMMENT ON COLUMN stream_erasures.requested_at IS 'The instant of the erasure; readers of the stream get some seconds before the copy goes.';
