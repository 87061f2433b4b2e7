-- Several people may share the time of a booking made there, and come and go.

ALTER TABLE calendar_links ADD COLUMN people text NOT NULL DEFAULT '';
COMMENT ON COLUMN calendar_links.people IS 'The line of the appointment''s notes that says who comes besides its customer, as it was last told; empty: nobody.';
