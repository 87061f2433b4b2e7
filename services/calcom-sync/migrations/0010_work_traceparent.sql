-- Work continues the trace of the click that asked for it.

ALTER TABLE calendar_links ADD COLUMN traceparent text;
COMMENT ON COLUMN calendar_links.traceparent IS 'W3C Trace Context of the change the row waits for; null if it came without one.';

ALTER TABLE availability_links ADD COLUMN traceparent text;
COMMENT ON COLUMN availability_links.traceparent IS 'As in calendar_links.';
