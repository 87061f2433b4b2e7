-- Something to write to in tests.
CREATE TABLE samples (
  id uuid PRIMARY KEY,
  label text NOT NULL CONSTRAINT samples_label_unique UNIQUE,
  amount bigint NOT NULL DEFAULT 0,
  day date,
  seen_at timestamptz NOT NULL DEFAULT now()
);
