-- What the practice says about itself.

ALTER TABLE organizations
  ADD COLUMN country text NOT NULL DEFAULT '' CHECK (country ~ '^([A-Z]{2})?$'),
  ADD COLUMN week_start smallint NOT NULL DEFAULT 0 CHECK (week_start BETWEEN 0 AND 7),
  ADD COLUMN hour_cycle smallint NOT NULL DEFAULT 0 CHECK (hour_cycle IN (0, 12, 24)),
  ADD COLUMN language text NOT NULL DEFAULT '',
  ADD COLUMN second_time_zone text NOT NULL DEFAULT '',
  ADD COLUMN guide_steps_done text[] NOT NULL DEFAULT '{}',
  ADD COLUMN version integer NOT NULL DEFAULT 1;
COMMENT ON COLUMN organizations.country IS 'ISO 3166-1 alpha-2, in which national phone numbers are read; empty: the operator''s default.';
COMMENT ON COLUMN organizations.week_start IS 'ISO weekday, 1 = Monday; 0: by the reader''s locale.';
COMMENT ON COLUMN organizations.hour_cycle IS '12 or 24; 0: by the reader''s locale.';
COMMENT ON COLUMN organizations.language IS 'BCP 47; empty: by the browser.';
COMMENT ON COLUMN organizations.second_time_zone IS 'IANA zone shown beside the provider''s; empty: none.';
COMMENT ON COLUMN organizations.guide_steps_done IS 'Steps of the first-run guide that are done or skipped.';
COMMENT ON COLUMN organizations.version IS 'Rises by one with each change of these particulars; the ETag.';
