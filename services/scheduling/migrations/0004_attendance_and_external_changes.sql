-- Visits that are recorded, cancellations that are taken back, and what outside calendars told us.

ALTER TABLE appointment_history DROP CONSTRAINT appointment_history_action_check;
ALTER TABLE appointment_history ADD CONSTRAINT appointment_history_action_check CHECK (action IN ('booked', 'rescheduled',
  'changed', 'cancelled', 'restored', 'completed', 'no_show', 'arrived', 'expected')) NOT VALID;
COMMENT ON CONSTRAINT appointment_history_action_check ON appointment_history IS 'Wider than before, so older lines need no second look.';

CREATE TABLE external_changes (
  organization_id uuid NOT NULL,
  source text NOT NULL,
  change_key text NOT NULL,
  appointment_id uuid NOT NULL REFERENCES appointments,
  applied_at timestamptz NOT NULL,
  CONSTRAINT external_changes_once PRIMARY KEY (organization_id, source, change_key)
);
COMMENT ON TABLE external_changes IS 'Changes made in an outside calendar that were applied here, written in the transaction of their effect: the same key never changes anything twice. Kept as long as the appointment, since an outside calendar can tell old news at any time.';
COMMENT ON COLUMN external_changes.source IS 'Which calendar, such as calcom.';

ALTER TABLE blocks ADD COLUMN version integer NOT NULL DEFAULT 1;
COMMENT ON COLUMN blocks.version IS 'Rises by one with each change, without gaps; the version of its events.';
