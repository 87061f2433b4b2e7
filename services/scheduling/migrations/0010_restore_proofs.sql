-- What an owner wants to know of backups: when the last one was taken, and when one was last shown to be good.

CREATE TABLE backup_runs (
  id uuid PRIMARY KEY DEFAULT gen_random_uuid(),
  taken_at timestamptz NOT NULL,
  rows bigint NOT NULL CHECK (rows >= 0),
  bytes bigint NOT NULL CHECK (bytes >= 0)
);
CREATE INDEX backup_runs_newest ON backup_runs (taken_at DESC);
COMMENT ON TABLE backup_runs IS 'One line per finished backup of all databases, written by the backup itself.';
COMMENT ON COLUMN backup_runs.taken_at IS 'The instant the backup shows; it was finished a little later.';

CREATE TABLE restore_proofs (
  id uuid PRIMARY KEY DEFAULT gen_random_uuid(),
  proved_at timestamptz NOT NULL DEFAULT now(),
  backup_taken_at timestamptz NOT NULL,
  rows bigint NOT NULL CHECK (rows >= 0),
  details jsonb NOT NULL
);
CREATE INDEX restore_proofs_newest ON restore_proofs (proved_at DESC);
COMMENT ON TABLE restore_proofs IS 'One line per backup that was restored into scratch databases with all counts and invariants right; failures leave none.';
COMMENT ON COLUMN restore_proofs.details IS 'What was checked, by database, with its counts.';
