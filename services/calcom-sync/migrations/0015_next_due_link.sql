-- The next due row is found in the order of an index instead of sorting the whole backlog for each step.

CREATE INDEX calendar_links_next ON calendar_links (connection_id, least(faults, 1), wanted_start, next_attempt_at)
  WHERE state = 'waiting';
COMMENT ON INDEX calendar_links_next IS 'The order in which a worker takes waiting rows: least(faults, 1) is 1 for those in trouble.';
