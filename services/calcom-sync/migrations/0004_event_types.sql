-- Appointment types as event types.

CREATE TABLE event_type_links (
  connection_id uuid NOT NULL REFERENCES connections,
  appointment_type_id uuid NOT NULL,
  organization_id uuid NOT NULL,
  wanted_version integer NOT NULL,
  wanted jsonb NOT NULL,
  changed_at timestamptz NOT NULL,
  done_version integer NOT NULL DEFAULT 0,
  event_type_id text NOT NULL DEFAULT '',
  slug text NOT NULL DEFAULT '',
  made_by_us boolean NOT NULL DEFAULT false,
  state text NOT NULL DEFAULT 'waiting' CHECK (state IN ('waiting', 'in_step', 'failed')),
  message text NOT NULL DEFAULT '',
  attempts integer NOT NULL DEFAULT 0,
  faults integer NOT NULL DEFAULT 0,
  next_attempt_at timestamptz,
  synced_at timestamptz,
  traceparent text,
  PRIMARY KEY (connection_id, appointment_type_id),
  CONSTRAINT event_type_links_due_only_while_waiting CHECK ((next_attempt_at IS NOT NULL) = (state = 'waiting'))
);
COMMENT ON TABLE event_type_links IS 'One row per appointment type and calendar: what scheduling wants offered, and the event type that offers it. Writing one twice is harmless, so no attempt is kept.';
COMMENT ON COLUMN event_type_links.wanted IS '{name, slug, durations, bufferBefore, bufferAfter, notice (minutes), horizonDays, slotStep (minutes), archived}.';
COMMENT ON COLUMN event_type_links.event_type_id IS 'Their id; empty until first written. event_type_links.slug is the slug as it is stored there.';
COMMENT ON COLUMN event_type_links.made_by_us IS 'False: it stood there before and was adopted by its slug.';
