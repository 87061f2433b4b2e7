/**
 * Lets Enter in a field send the form it stands first in, whatever buttons a library puts into that form: a browser presses the first that
 * would submit, and where that one is disabled, as a placeholder is while times are read, nothing happens.
 */
export function EnterSubmits() {
  return <button type="submit" hidden tabIndex={-1} aria-hidden="true" />;
}
