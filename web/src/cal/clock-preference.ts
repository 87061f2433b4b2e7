/**
 * The atoms read the reader's clock from this key once, when their module is loaded, and guess from the browser otherwise.
 * Call before the first atom is imported.
 */
export function setClockPreference(twelveHour: boolean): void {
  try {
    window.localStorage.setItem('timeOption.is24hClock', String(!twelveHour));
  } catch {
    // Storage is off: the guess of the atoms stands.
  }
}
