import { useState } from 'react';

/**
 * For the `onCloseAutoFocus` of a dialog: leads the focus back to where it was before. Radix notes that place only once a field in the
 * dialog has taken the focus by itself, and would lose it.
 */
export function useReturnFocus(): (event: Event) => void {
  const [opener] = useState(() => document.activeElement);
  return (event) => {
    event.preventDefault();
    if (opener instanceof HTMLElement) opener.focus();
  };
}
