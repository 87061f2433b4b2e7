import { writesTwelveHours } from '../lib/practice.tsx';

/** Loads the slot picker with the atoms behind it. */
export async function loadSlotPicker() {
  setClockPreference();
  const { SlotPicker } = await import('./slot-picker.tsx');
  return { default: SlotPicker };
}

/** Loads the editor of hours with the atoms behind it. */
export async function loadAvailabilityEditor() {
  setClockPreference();
  const { AvailabilityEditor } = await import('./availability-editor.tsx');
  return { default: AvailabilityEditor };
}

/** The atoms read the reader's clock from this key once, when they are loaded, and guess otherwise. */
function setClockPreference(): void {
  try {
    window.localStorage.setItem('timeOption.is24hClock', String(!writesTwelveHours()));
  } catch {
    // Storage is off: the guess of the atoms stands.
  }
}
